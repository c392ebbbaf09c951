namespace Twins.Contracts.Twins;

/// <summary>What became of a write.</summary>
/// <param name="Revision">The twin's revision after it (or as it is, where <paramref name="Problem"/> is set).</param>
/// <param name="Created">The write made the twin.</param>
/// <param name="Problem">Why nothing was written: 404, 409, 412, 413, 422 …; null if it was.</param>
[GenerateSerializer, Immutable, Alias("twins.write-result")]
public sealed record TwinWriteResult(
    [property: Id(0)] long Revision,
    [property: Id(1)] bool Created = false,
    [property: Id(2)] Problem? Problem = null);
