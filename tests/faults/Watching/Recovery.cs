namespace Twins.Faults.Tests;

/// <summary>
/// How long it took from a fault until for five seconds no twin went silent, or paused; and what came after that, when what
/// was struck is back or because the machine is busy.
/// </summary>
internal sealed class Recovery
{
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(5);

    private readonly TimeSpan? _end;

    private Recovery(TimeSpan fault, TimeSpan? end, double? longestLater)
    {
        _end = end;
        Seconds = (end - fault)?.TotalSeconds;
        LongestLater = longestLater;
    }

    /// <summary>From the fault; 0: nothing of the sort has happened. Null: it had not ended when the round did.</summary>
    public double? Seconds { get; }

    /// <summary>How long the longest of what began later lasted; null: it had not ended when the round did.</summary>
    public double? LongestLater { get; }

    /// <summary>Of the outages of all twins.</summary>
    public static Recovery Of(IEnumerable<Outage> outages, TimeSpan fault)
    {
        TimeSpan? end = fault;
        double? longest = 0;
        foreach (var outage in outages.OrderBy(outage => outage.Began))
        {
            if (end is null || outage.Began <= end + s_calm)
            {
                end = outage.Ended is { } ended && end is { } latest ? TimeSpan.FromTicks(Math.Max(ended.Ticks, latest.Ticks)) : null;
            }
            else
            {
                longest = (outage.Ended - outage.Began) is { } lasted && longest is { } before ? Math.Max(lasted.TotalSeconds, before) : null;
            }
        }

        return new Recovery(fault, end, longest);
    }

    /// <summary>Whether an outage is one of those recovered from.</summary>
    public bool Covers(Outage outage) => _end is null || outage.Began < _end;
}
