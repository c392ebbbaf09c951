namespace Twins.Contracts.Query;

/// <summary>The kinds of <see cref="Measure"/>. All but <see cref="Count"/> look at numbers only (and min and max at times the platform sets).</summary>
public enum MeasureKind
{
    /// <summary>Twins; with a path, twins that have something there.</summary>
    Count,

    /// <summary>The sum of the numbers.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Avg,

    /// <summary>The least.</summary>
    Min,

    /// <summary>The greatest.</summary>
    Max,
}
