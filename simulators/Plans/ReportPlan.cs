namespace Twins.Simulators.Plans;

/// <summary>When a device reports. All spans are of the fleet's clock.</summary>
internal sealed record ReportPlan
{
    /// <summary>How often it measures; and reports, unless <see cref="OnChange"/>.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The share of the interval by which each is longer or shorter at random, 0 to 1.</summary>
    public double Jitter { get; init; }

    /// <summary>Reports only properties that have moved beyond their dead band, and nothing where none has.</summary>
    public bool OnChange { get; init; }

    /// <summary>With <see cref="OnChange"/>: all is reported when so long nothing was; null: never.</summary>
    public TimeSpan? AtLeastEvery { get; init; }

    /// <summary>Measurements that are kept and sent one right behind the other; 1: each at once.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>
    /// All is reported at the first connection only, and not at each: what was acknowledged is not said again, so that its loss
    /// shows.
    /// </summary>
    public bool WholeOnce { get; init; }
}
