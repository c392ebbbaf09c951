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
        var results = strikes.Select((strike, number) => Result(watch, strike, End(strikes, number), load)).ToArray();
        results[^1] = results[^1] with
        {
            Fleet = end,
            WritesLost = writesLost,
            Backwards = [.. watch.Twins.SelectMany(twin => twin.Backwards)],
            AppliedTwice = events.AppliedTwice,
            Forks = events.Forks,
            RefusedWrites = platform.RefusedWrites - refused,
            Events = events.Told,
            Answers = watch.Answers.Concat(application.Answers).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        };
        return results;
    }

    /// <summary>What was asked before the next fault may be the first to fail of that one.</summary>
    private static TimeSpan End(List<Strike> strikes, int number) =>
        number + 1 < strikes.Count ? strikes[number + 1].Began - s_longestPause : strikes[number].Ended;

    private static RoundResult Result(FleetWatch watch, Strike strike, TimeSpan next, FleetLoad load)
    {
        IEnumerable<Outage> Silences(TwinWatch twin) => twin.Silences();
        IEnumerable<Outage> Pauses(TwinWatch twin) => twin.Pauses(s_longestPause, next);

        // What was asked before the fault, or was the last update before it, may be where it begins.
        return new RoundResult
        {
            Part = strike.Part,
            Twins = watch.Twins.Count,
            Silent = Latest(watch, Silences, TimeSpan.Zero, strike.Returned, strike.Began),
            SilentTwins = watch.Twins.Count(twin => Within(twin.Silences(), TimeSpan.Zero, strike.Returned, strike.Began).Any()),
            Stuck = Latest(watch, Pauses, TimeSpan.Zero, strike.Returned, strike.Began),
            SilentAtReturn = Latest(watch, Silences, strike.Returned, next, strike.Returned),
            StuckAtReturn = Latest(watch, Pauses, strike.Returned, next, strike.Returned),
            EndedItself = strike.EndedItself,
            Commands = load.Commands(strike.Commands),
        };
    }

    /// <summary>What began within a time, and had not ended at the zero of it.</summary>
    private static IEnumerable<Outage> Within(IEnumerable<Outage> outages, TimeSpan from, TimeSpan to, TimeSpan zero) =>
        outages.Where(outage => outage.Began >= from && outage.Began < to && !(outage.Ended < zero));

    /// <summary>How long it took, in seconds from <paramref name="zero"/>, until the last twin was out of what began within a time; null: one is still in it.</summary>
    private static double? Latest(FleetWatch watch, Func<TwinWatch, IEnumerable<Outage>> outages, TimeSpan from, TimeSpan to, TimeSpan zero)
    {
        var all = watch.Twins.SelectMany(twin => Within(outages(twin), from, to, zero)).ToArray();
        return Array.Exists(all, outage => outage.Ended is null)
            ? null
            : all.Select(outage => (outage.Ended!.Value - zero).TotalSeconds).DefaultIfEmpty(0).Max();
    }
}
