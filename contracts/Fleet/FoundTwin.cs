using Twins.Contracts.Query;

namespace Twins.Contracts.Fleet;

/// <summary>A twin that the index has found, with what it was sorted by.</summary>
/// <param name="Id">The twin's id; where all keys are equal, ids decide (ordinal, upwards).</param>
/// <param name="Keys">Its value for each sort key; of a text what it is sorted by (<see cref="TextOrder.SortedCharacters"/>).</param>
[GenerateSerializer, Immutable, Alias("twins.found")]
public sealed record FoundTwin(
    [property: Id(0)] string Id,
    [property: Id(1)] SortValue[] Keys);
