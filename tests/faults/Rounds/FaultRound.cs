using System.Globalization;

namespace Twins.Faults.Tests;

/// <summary>One round: fleets, a fault or several one after the other, and what has become of what was acknowledged.</summary>
internal sealed class FaultRound(FaultPlatform platform, IReadOnlyList<Fault> faults, int devices)
{
    /// <summary>Devices that report four times a second show nothing for so long only where something is wrong.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1.5);

    /// <summary>Runs it; a result for each fault. What is found at the end of the round stands in the last one.</summary>
    /// <param name="until">Ends early what waits.</param>
    public async Task<IReadOnlyList<RoundResult>> Run(CancellationToken until)
    {
        await using var load = FleetLoad.Start(platform, devices);
        await using var events = await EventWatch.Start(platform.Rest);
        await using var watch = FleetWatch.Start(platform.Rest, load.Ids);
        if (!await watch.IsSteady(Strike.Deadline, load.ThrowIfEnded))
        {
            throw new TimeoutException("not every device has reported before the fault");
        }

        await using var application = ApplicationLoad.Start(platform.Rest, load.Ids.Take(8));
        var refused = platform.RefusedWrites;
        var strikes = new List<Strike>();
        foreach (var fault in faults)
        {
            // Early in one round and late in another.
            await Task.Delay(Random.Shared.Next(0, 1_000), until);
            var strike = new Strike(platform, fault, load, watch);
            strikes.Add(strike);
            await strike.Run(until);
        }

        var writesLost = await application.Finish();
        var end = await load.Stop(strikes[^1].TrustedLines);
        var results = strikes.Select((strike, number) => Result(watch, strike, strikes.ElementAtOrDefault(number + 1)?.Began ?? strike.Ended, load)).ToArray();
        results[^1] = results[^1] with
        {
            Fleet = end,
            WritesLost = writesLost,
            Backwards = [.. watch.Twins.SelectMany(twin => twin.Backwards)],
            AppliedTwice = events.AppliedTwice,
            Forks = events.Forks,
            RefusedWrites = platform.RefusedWrites - refused,
            Events = events.Told,
            Load = await LoadAverage(),
            Answers = watch.Answers.Concat(application.Answers).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };
        return results;
    }

    /// <summary>The first figure of /proc/loadavg (proc(5)).</summary>
    private static async Task<double> LoadAverage() =>
        double.Parse((await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0], CultureInfo.InvariantCulture);

    private static RoundResult Result(FleetWatch watch, Strike strike, TimeSpan next, FleetLoad load)
    {
        var silences = watch.Twins.Select(twin => (twin.Id, Outages: Within(twin.Silences(), strike.Began, next).ToArray())).ToArray();
        var silent = Recovery.Of(silences.SelectMany(twin => twin.Outages), strike.Began);
        var stuck = Recovery.Of(watch.Twins.SelectMany(twin => Within(twin.Pauses(s_longestPause, next), strike.Began, next)), strike.Began);
        return new RoundResult
        {
            Part = strike.Part,
            Twins = watch.Twins.Count,
            Silent = silent.Seconds,
            SilentTwins = silences.Count(twin => twin.Outages.Any(silent.Covers)),
            Stuck = stuck.Seconds,
            SilentLater = silent.LongestLater,
            StuckLater = stuck.LongestLater,
            EndedItself = strike.EndedItself,
            Commands = load.Commands(strike.Commands),
        };
    }

    /// <summary>What began before the next fault, and had not ended before this one.</summary>
    private static IEnumerable<Outage> Within(IEnumerable<Outage> outages, TimeSpan fault, TimeSpan next) =>
        outages.Where(outage => outage.Began < next - FleetWatch.Patience && !(outage.Ended < fault));
}
