using System.Text.Json;

namespace Twins.Faults.Tests;

/// <summary>What was seen of one twin while it was read again and again. Safe for any thread.</summary>
internal sealed class TwinWatch(string id)
{
    private readonly Lock _gate = new();
    private readonly List<Probe> _probes = [];
    private readonly List<TimeSpan> _updates = [];
    private readonly List<string> _backwards = [];
    private SeenValues _seen = SeenValues.None;

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>What later looks must not be behind of.</summary>
    public SeenValues Seen
    {
        get
        {
            lock (_gate)
            {
                return _seen;
            }
        }
    }

    /// <summary>What was less than it had been seen to be.</summary>
    public IReadOnlyList<string> Backwards
    {
        get
        {
            lock (_gate)
            {
                return [.. _backwards];
            }
        }
    }

    /// <summary>A read was not answered with 200.</summary>
    public void Failed(TimeSpan started, TimeSpan ended)
    {
        lock (_gate)
        {
            _probes.Add(new Probe(started, ended, Answered: false));
        }
    }

    /// <summary>A read was answered.</summary>
    /// <param name="before"><see cref="Seen"/> when it was asked: of two reads at the same time neither has to be the later one.</param>
    public void Answered(TimeSpan started, TimeSpan ended, SeenValues before, JsonElement twin)
    {
        var values = Read(twin);
        lock (_gate)
        {
            _probes.Add(new Probe(started, ended, Answered: true));
            _backwards.AddRange(values.BehindOf(before).Select(what => $"{id}: {what}"));
            if (values.Count > _seen.Count)
            {
                _updates.Add(ended);
            }

            _seen = _seen.Or(values);
        }
    }

    /// <summary>Whether it has answered everything asked since, and has shown so many updates.</summary>
    public bool IsSteady(TimeSpan since, int updates)
    {
        lock (_gate)
        {
            return _probes.Any(probe => probe.Started >= since && probe.Answered)
                && _probes.TrueForAll(probe => probe.Started < since || probe.Answered)
                && _updates.Count(update => update >= since) >= updates;
        }
    }

    /// <summary>The times in which it did not answer: from a read that failed to the answer to the first that was asked later and did not.</summary>
    public IEnumerable<Outage> Silences()
    {
        Probe[] probes;
        lock (_gate)
        {
            probes = [.. _probes.OrderBy(probe => probe.Started)];
        }

        TimeSpan? began = null;
        foreach (var probe in probes)
        {
            if (!probe.Answered)
            {
                began ??= probe.Started;
            }
            else if (began is { } start)
            {
                yield return new Outage(start, probe.Ended);
                began = null;
            }
        }

        if (began is { } open)
        {
            yield return new Outage(open, null);
        }
    }

    /// <summary>The times in which it showed no update for longer than a device and a busy machine need.</summary>
    /// <param name="longest">How long that is.</param>
    /// <param name="now">The end of the watch.</param>
    public IEnumerable<Outage> Pauses(TimeSpan longest, TimeSpan now)
    {
        TimeSpan[] updates;
        lock (_gate)
        {
            updates = [.. _updates.Order()];
        }

        for (var number = 0; number < updates.Length; number++)
        {
            TimeSpan? next = number + 1 < updates.Length ? updates[number + 1] : null;
            if ((next ?? now) - updates[number] > longest)
            {
                yield return new Outage(updates[number], next);
            }
        }
    }

    private static SeenValues Read(JsonElement twin)
    {
        var numbers = new long[FaultFleet.Numbers];
        var reported = twin.GetProperty("reported");
        for (var number = 0; number < numbers.Length; number++)
        {
            numbers[number] = Number(reported, FaultFleet.Name(number));
        }

        return new SeenValues(twin.GetProperty("revision").GetInt64(), Number(reported, "count"), numbers);
    }

    private static long Number(JsonElement members, string name) => members.TryGetProperty(name, out var value) ? (long)value.GetDouble() : 0;
}
