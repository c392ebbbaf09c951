namespace Twins.Simulators.Reporting;

/// <summary>The numbers of a stretch of a run.</summary>
/// <param name="From">When it began, since the start.</param>
/// <param name="To">When it ended.</param>
/// <param name="Published">Messages published in it.</param>
/// <param name="Acknowledged">Messages acknowledged in it.</param>
/// <param name="Connected">The fewest devices that were connected.</param>
/// <param name="P50">The median latency in milliseconds; null: nothing was acknowledged.</param>
/// <param name="P99">The greatest 99th percentile; null likewise.</param>
/// <param name="Faults">How often faults struck in it, by kind.</param>
internal sealed record RunSample(
    TimeSpan From, TimeSpan To, long Published, long Acknowledged, long Connected, double? P50, double? P99,
    IReadOnlyDictionary<string, long> Faults)
{
    public double PublishedPerSecond => PerSecond(Published);

    public double AcknowledgedPerSecond => PerSecond(Acknowledged);

    /// <summary>Both as one. Medians are weighted by what was acknowledged; that is close, and all that can be known.</summary>
    public RunSample And(RunSample next)
    {
        var faults = new Dictionary<string, long>(Faults, StringComparer.Ordinal);
        foreach (var (kind, count) in next.Faults)
        {
            faults[kind] = faults.GetValueOrDefault(kind) + count;
        }

        var both = Acknowledged + next.Acknowledged;
        return new RunSample(
            From,
            next.To,
            Published + next.Published,
            both,
            Math.Min(Connected, next.Connected),
            P50 is not { } one ? next.P50 : next.P50 is not { } other || both == 0 ? P50 : (one * Acknowledged + other * next.Acknowledged) / both,
            P99 is not { } high ? next.P99 : next.P99 is { } higher ? Math.Max(high, higher) : P99,
            faults);
    }

    private double PerSecond(long count) => To > From ? count / (To - From).TotalSeconds : 0;
}
