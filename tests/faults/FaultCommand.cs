using System.Globalization;
using System.Runtime.InteropServices;

namespace Twins.Faults.Tests;

/// <summary>The command <c>tests/soak</c>.</summary>
internal static class FaultCommand
{
    /// <summary>Inflicts what the line says and prints the report.</summary>
    /// <returns>0; 1 where a promise was broken, or nothing could be inflicted; 2 where the line is wrong.</returns>
    public static async Task<int> Run(IReadOnlyList<string> line)
    {
        FaultOptions options;
        try
        {
            options = FaultOptions.Parse(line);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }

        if (options.List)
        {
            foreach (var fault in FaultCatalog.All)
            {
                Console.WriteLine($"{fault.Name,-18} {fault.What}; {fault.Rounds.ToString(CultureInfo.InvariantCulture)} rounds");
            }

            return 0;
        }

        // Ctrl-C and SIGTERM end it behind the round that runs, with a report of those that were.
        using var interrupted = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupted.Cancel();
        }

        using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        return await Inflict(options, interrupted.Token);
    }

    private static async Task<int> Inflict(FaultOptions options, CancellationToken interrupted)
    {
        var reports = new List<FaultReport>();
        var failed = false;
        // A platform for all faults on clusters, and one for those on the single process.
        foreach (var group in options.Faults.GroupBy(fault => fault.Victim == Victim.Single))
        {
            if (await WhyNot(group) is { } reason)
            {
                await Console.Error.WriteLineAsync($"left out, {string.Join(", ", group.Select(fault => fault.Name))}: {reason}");
                failed = true;
                continue;
            }

            await using FaultPlatform platform = group.Key ? await SinglePlatform.Start() : await ClusterPlatform.Start();
            foreach (var fault in group)
            {
                if (fault.Affliction == Affliction.Cut && await PrivateNetwork.WhyNot() is { } why)
                {
                    await Console.Error.WriteLineAsync($"left out, {fault.Name}: {why}");
                    continue;
                }

                if (await Inflict(platform, fault with { For = options.For ?? fault.For }, options, interrupted) is { } report)
                {
                    reports.Add(report);
                    failed |= report.Broken.Count > 0;
                    if (options.Json is not null)
                    {
                        await File.AppendAllTextAsync(options.Json, $"{report.ToJson()}\n", CancellationToken.None);
                    }
                }
            }
        }

        if (reports.Count > 0)
        {
            ReportTable.Write(reports, Console.Out);
        }

        return failed || reports.Count == 0 ? 1 : 0;
    }

    private static async Task<FaultReport?> Inflict(FaultPlatform platform, Fault fault, FaultOptions options, CancellationToken interrupted)
    {
        var rounds = new List<RoundResult>();
        try
        {
            for (var count = options.Rounds ?? fault.Rounds; rounds.Count < count && !interrupted.IsCancellationRequested;)
            {
                var result = (await new FaultRound(platform, [fault], options.Devices).Run(interrupted))[0];
                rounds.Add(result);
                await Keep(platform, $"{fault.Name}-{rounds.Count.ToString(CultureInfo.InvariantCulture)}", options.Logs);
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{fault.Name} {rounds.Count} ({result.Part}): silent {result.Silent:0.00} s, stuck {result.Stuck:0.00} s, later {result.SilentLater:0.00} s; load {result.Load:0}; ")
                    + (result.Broken.Count == 0 ? "all kept" : string.Join("; ", result.Broken)));
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // What was done until now is reported.
        }

        return rounds.Count == 0 ? null : FaultReport.Of(fault, rounds);
    }

    private static async Task Keep(FaultPlatform platform, string round, string? folder)
    {
        if (folder is null)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, output) in platform.Outputs)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{round} {name}.log"), output, CancellationToken.None);
        }
    }

    private static Task<string?> WhyNot(IGrouping<bool, Fault> group) => Task.FromResult(
        group.Key ? null : new[] { Component.Redis, Component.Mosquitto }.FirstOrDefault(component => component.Path is null)?.Missing);
}
