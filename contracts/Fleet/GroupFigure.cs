using Twins.Contracts.Query;

namespace Twins.Contracts.Fleet;

/// <summary>What a measure has come to over some twins, in a form that can be added to another's.</summary>
/// <param name="Count">Twins (for <see cref="MeasureKind.Count"/>), else the numbers that were looked at.</param>
/// <param name="Sum">The numbers' sum; 0 for count, min and max.</param>
/// <param name="Extreme">For min and max: the least or greatest so far; <see cref="SortValue.Missing"/> for none.</param>
[GenerateSerializer, Immutable, Alias("twins.figure")]
public readonly record struct GroupFigure(
    [property: Id(0)] long Count,
    [property: Id(1)] double Sum,
    [property: Id(2)] SortValue Extreme);
