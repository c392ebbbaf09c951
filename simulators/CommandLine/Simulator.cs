using System.CommandLine;
using Twins.Simulators.Fleet;
using Twins.Simulators.Replay;
using Twins.Simulators.Views;

namespace Twins.Simulators.CommandLine;

/// <summary>The command line: reads it, runs a fleet, and says how it went.</summary>
internal static class Simulator
{
    private const int Failed = 1;
    private const int BadUsage = 2;

    /// <summary>0: all fine; 1: devices could not connect, or acknowledgements are missing; 2: bad usage.</summary>
    public static async Task<int> RunAsync(string[] args, Surface surface, CancellationToken cancellationToken)
    {
        var run = new RunCommand();
        run.SetAction((line, ended) => RunAsync(run.Request(line), surface, ended));
        var root = new RootCommand("Simulates a fleet of MQTT devices.") { run, new CheckCommand(surface), new KindsCommand(surface) };
        var line = root.Parse(args);
        if (line.Errors.Count > 0)
        {
            await surface.Error.WriteLineAsync($"{line.Errors[0].Message.TrimEnd('.')}. See: {(line.CommandResult.Command == root ? "--help" : $"{line.CommandResult.Command.Name} --help")}");
            return BadUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = surface.Out,
            Error = surface.Error,

            // After Ctrl-C: as long as acknowledgements are waited for, and some time to say good-bye.
            ProcessTerminationTimeout = new FleetOptions().DrainTimeout + TimeSpan.FromSeconds(15),
        };
        return await line.InvokeAsync(configuration, cancellationToken);
    }

    private static async Task<int> RunAsync(RunRequest request, Surface surface, CancellationToken cancellationToken)
    {
        var live = surface.Terminal is not null && !request.Json && !request.Quiet;
        var options = request.Fleet;
        if (!live)
        {
            // A live view shows them itself.
            options = options with { OnTrouble = sentence => surface.Error.WriteLine(sentence) };
        }

        IFleetView? view = request.Quiet ? null
            : live ? new LiveView(surface.Terminal!, options.Time)
            : new PlainView(request.Json ? surface.Error : surface.Out, options.Time);
        RunSummary summary;
        try
        {
            summary = request.Replay is null
                ? await SimulateAsync(request, options, view, cancellationToken)
                : await ReplayAsync(request, options, view, cancellationToken);
        }
        catch (ReplayFileException exception)
        {
            await surface.Error.WriteLineAsync(exception.Message);
            return BadUsage;
        }

        if (request.Json)
        {
            SummaryWriter.WriteJson(summary, surface.Out);
        }
        else
        {
            SummaryWriter.WriteTable(summary, surface.ForTables());
        }

        return summary.Succeeded ? 0 : Failed;
    }

    private static async Task<RunSummary> SimulateAsync(
        RunRequest request, FleetOptions options, IFleetView? view, CancellationToken cancellationToken)
    {
        await using var fleet = SimulatedFleet.OfKinds(options, request.Prefix, request.Devices, request.Rate.Interval, request.Kinds);
        var source = new FleetSource(
            $"{Figures.Count(request.Devices)} devices at {request.Rate} on {options.Broker}", fleet.Snapshot, 0, static () => 0);
        var end = await WatchAsync(view, source, () => fleet.RunAsync(request.Duration, cancellationToken));
        return RunSummary.Of(options, end, null);
    }

    private static async Task<RunSummary> ReplayAsync(
        RunRequest request, FleetOptions options, IFleetView? view, CancellationToken cancellationToken)
    {
        var replay = request.Replay!;
        var file = ReplayFile.Check(replay);
        await using var fleet = new ReplayFleet(options, file);
        var speed = replay.Speed is { } times ? $"{times} times as fast" : "as fast as acknowledged";
        var source = new FleetSource(
            $"{Path.GetFileName(replay.File)} {speed} on {options.Broker}", fleet.Snapshot, fleet.Readings, () => fleet.Delivered);
        var end = await WatchAsync(view, source, () => fleet.RunAsync(request.Duration, cancellationToken));
        return RunSummary.Of(options, end, new ReplaySummary(replay.File, fleet.Readings, fleet.Delivered));
    }

    private static async Task<FleetSnapshot> WatchAsync(IFleetView? view, FleetSource source, Func<Task<FleetSnapshot>> run)
    {
        using var ended = new CancellationTokenSource();
        var watching = view?.ShowAsync(source, ended.Token) ?? Task.CompletedTask;
        try
        {
            return await run();
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }
}
