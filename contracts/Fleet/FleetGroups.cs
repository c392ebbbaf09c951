namespace Twins.Contracts.Fleet;

/// <summary>What an aggregation came to.</summary>
/// <param name="Groups">In the order of their keys, and exactly one where nothing was grouped by, be there no twins; null where there are more than <see cref="MaxGroups"/>, or their texts are longer than <see cref="MaxKeyBytes"/>.</param>
[GenerateSerializer, Immutable, Alias("twins.groups")]
public sealed record FleetGroups([property: Id(0)] TwinGroup[]? Groups)
{
    /// <summary>The most groups that are answered.</summary>
    public const int MaxGroups = 10_000;

    /// <summary>The most bytes (UTF-8) that the texts of their keys have together.</summary>
    public const int MaxKeyBytes = 4 << 20;
}
