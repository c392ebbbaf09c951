using System.Globalization;

namespace Twins.Faults.Tests;

/// <summary>One round: a fleet, a fault, its return, and what has become of what was acknowledged.</summary>
internal sealed class FaultRound(FaultPlatform platform, Fault fault, int devices)
{
    /// <summary>Devices that report four times a second show nothing for so long only where something is wrong.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1.5);

    /// <summary>How long a silo that came back may take to see that it was declared dead, and to end.</summary>
    private static readonly TimeSpan s_endsItselfWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(90);

    private readonly List<string> _commands = [];
    private long? _trustedLines;
    private bool _endedItself;

    /// <summary>Runs it.</summary>
    /// <param name="until">Ends early what waits.</param>
    public async Task<RoundResult> Run(CancellationToken until)
    {
        await using var load = FleetLoad.Start(platform, devices);
        _commands.AddRange(load.Commands.Where(command => !command.Contains(" verify ", StringComparison.Ordinal)));
        await using var events = await EventWatch.Start(platform.Rest);
        await using var watch = FleetWatch.Start(platform.Rest, load.Ids);
        if (!await watch.IsSteady(s_deadline, load.ThrowIfEnded))
        {
            throw new TimeoutException("not every device has reported before the fault");
        }

        await using var application = ApplicationLoad.Start(platform.Rest, load.Ids.Take(8));
        var refused = platform.RefusedWrites;

        // Early in one round and late in another.
        await Task.Delay(Random.Shared.Next(0, 1_000), until);
        var part = platform.Find(fault.Victim);
        if (fault.BrokerForgets)
        {
            _trustedLines = load.LinesBehindBroker();
            await platform.BrokerSaved();
        }

        var began = watch.Now;
        TimeSpan returned;
        try
        {
            await Strike(part, watch, load, until);
        }
        finally
        {
            returned = watch.Now;
            await Heal(part);
        }

        await SeeWhetherItEnds(part);
        await watch.IsSteady(s_deadline, load.ThrowIfEnded);
        var ended = watch.Now;
        var writesLost = await application.Finish();
        var end = await load.Stop(_trustedLines);
        _commands.AddRange(load.Commands.Where(command => command.Contains(" verify ", StringComparison.Ordinal)));
        return new RoundResult
        {
            Part = part.Name,
            Silent = Latest(watch, twin => twin.Silences(), began - FleetWatch.Patience, returned, began),
            SilentTwins = watch.Twins.Count(twin => twin.Silences().Any(silence => silence.Began >= began - FleetWatch.Patience && silence.Began < returned)),
            Stuck = Latest(watch, twin => twin.Pauses(s_longestPause, ended), began - s_longestPause, returned, began),
            SilentAtReturn = Latest(watch, twin => twin.Silences(), returned, ended, returned),
            StuckAtReturn = Latest(watch, twin => twin.Pauses(s_longestPause, ended), returned, ended, returned),
            EndedItself = _endedItself,
            Twins = watch.Twins.Count,
            Fleet = end,
            WritesLost = writesLost,
            Backwards = [.. watch.Twins.SelectMany(twin => twin.Backwards)],
            AppliedTwice = events.AppliedTwice,
            Forks = events.Forks,
            RefusedWrites = platform.RefusedWrites - refused,
            Events = events.Told,
            Answers = watch.Answers.Concat(application.Answers).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
            Commands = _commands,
        };
    }

    /// <summary>
    /// The longest, in seconds after <paramref name="zero"/>, that it took any twin out of what began within a time; null
    /// where one is still in it.
    /// </summary>
    private static double? Latest(FleetWatch watch, Func<TwinWatch, IEnumerable<Outage>> outages, TimeSpan from, TimeSpan to, TimeSpan zero)
    {
        // What ended before the fault is no part of it.
        var all = watch.Twins.SelectMany(outages).Where(outage => outage.Began >= from && outage.Began < to && !(outage.Ended < zero)).ToArray();
        return Array.Exists(all, outage => outage.Ended is null)
            ? null
            : all.Select(outage => (outage.Ended!.Value - zero).TotalSeconds).DefaultIfEmpty(0).Max();
    }

    private async Task Strike(Part part, FleetWatch watch, FleetLoad load, CancellationToken until)
    {
        switch (fault.Affliction)
        {
            case Affliction.Kill:
                _commands.Add($"kill -KILL {Id(part)}");
                await part.Kill();
                if (fault.StaysAway)
                {
                    await watch.IsSteady(s_deadline, load.ThrowIfEnded);
                }

                break;
            case Affliction.Restart:
                _commands.Add($"kill -TERM {Id(part)}");
                await part.Terminate();
                break;
            case Affliction.Stop:
                _commands.Add($"kill -STOP {Id(part)}; sleep {Seconds}; kill -CONT {Id(part)}");
                await part.Pause();
                await Task.Delay(fault.For, until);
                break;
            default:
                var place = part.Place ?? throw new InvalidOperationException($"{part.Name} can not be cut off: it is in no network namespace");
                _commands.Add($"ip link set {place.Cable} down; sleep {Seconds}; ip link set {place.Cable} up");
                await place.Cut();
                await Task.Delay(fault.For, until);
                break;
        }
    }

    /// <summary>Undoes what was done, also where the round has failed on the way.</summary>
    private async Task Heal(Part part)
    {
        switch (fault.Affliction)
        {
            case Affliction.Stop:
                part.Resume();
                break;
            case Affliction.Cut:
                await (part.Place?.Mend() ?? Task.CompletedTask);
                break;
            default:
                await Start(part);
                break;
        }
    }

    /// <summary>
    /// A silo that the others have declared dead meanwhile ends itself when it sees that, and whatever runs it starts it again
    /// (docs/decisions/0004-membership.md).
    /// </summary>
    private async Task SeeWhetherItEnds(Part part)
    {
        if (!fault.Lasts || fault.Victim is not (Victim.Silo or Victim.LinkSilo))
        {
            return;
        }

        using var patience = new CancellationTokenSource(s_endsItselfWithin);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!part.HasExited() && !patience.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync();
        }

        if (part.HasExited())
        {
            _endedItself = true;
            await Start(part);
        }
    }

    private async Task Start(Part part)
    {
        if (part.HasExited())
        {
            _commands.Add(part.Command);
            await part.StartAgain();
        }
    }

    private string Seconds => fault.For.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);

    private static string Id(Part part) => part.Id().ToString(CultureInfo.InvariantCulture);
}
