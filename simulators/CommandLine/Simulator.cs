using System.CommandLine;
using Twins.Simulators.Fleet;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Plans;
using Twins.Simulators.Recording;
using Twins.Simulators.Replay;
using Twins.Simulators.Reporting;
using Twins.Simulators.Verification;
using Twins.Simulators.Views;

namespace Twins.Simulators.CommandLine;

/// <summary>The command line: reads it, and does what it says.</summary>
internal static class Simulator
{
    /// <summary>See <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(string[] args, Surface surface, CancellationToken cancellationToken)
    {
        var root = new RootCommand("Simulates a fleet of MQTT devices.")
        {
            new RunCommand(surface),
            new ReplayCommand(surface),
            new VerifyCommand(surface),
            new RecordCommand(surface),
            new CheckCommand(surface),
            new KindsCommand(surface),
        };
        var line = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (line.Errors.Count > 0)
        {
            var command = line.CommandResult.Command;
            // An unknown option may have been taken for the file, and its value is then the one too many.
            var strange = command == root ? null : Array.Find(args, arg => arg.StartsWith("--", StringComparison.Ordinal)
                && !command.Options.Any(option => option.Name == arg.Split('=')[0] || option.Aliases.Contains(arg.Split('=')[0])));
            if (line.UnmatchedTokens is [var unmatched, ..] && (strange ?? unmatched) is var unknown)
            {
                await surface.Error.WriteLineAsync($"\"{unknown}\" is unknown{Instead(unknown, command)}");
                return ExitCodes.BadUsage;
            }

            await surface.Error.WriteLineAsync($"{line.Errors[0].Message.TrimEnd('.')}. See: {(command == root ? "" : command.Name + " ")}--help");
            return ExitCodes.BadUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = surface.Out,
            Error = surface.Error,
            EnableDefaultExceptionHandler = false,

            // After Ctrl-C: as long as acknowledgements are waited for, and some time to say good-bye.
            ProcessTerminationTimeout = new FleetOptions().DrainTimeout + TimeSpan.FromSeconds(15),
        };
        try
        {
            return await line.InvokeAsync(configuration, cancellationToken);
        }
        catch (Exception exception) when (exception is FleetFileException or FleetOptionsException or ReplayFileException or LedgerException or ApiException or ReportException or RecordException)
        {
            await surface.Error.WriteLineAsync(exception.Message);
            return ExitCodes.BadUsage;
        }
    }

    private static string Instead(string unknown, Command command)
    {
        var known = unknown.StartsWith('-') ? command.Options.Select(static option => option.Name) : command.Subcommands.Select(static sub => sub.Name);
        var clause = Contracts.Suggestion.Clause(unknown, known);
        return clause.Length > 0 ? clause : $". See: {(command is RootCommand ? "" : command.Name + " ")}--help";
    }
}
