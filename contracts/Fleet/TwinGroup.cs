using Twins.Contracts.Query;

namespace Twins.Contracts.Fleet;

/// <summary>Twins that are alike in what was grouped by. Those of several partitions are added up.</summary>
/// <param name="Keys">What they have in common: a value for each path.</param>
/// <param name="Figures">One for each measure.</param>
[GenerateSerializer, Immutable, Alias("twins.group")]
public sealed record TwinGroup(
    [property: Id(0)] SortValue[] Keys,
    [property: Id(1)] GroupFigure[] Figures);
