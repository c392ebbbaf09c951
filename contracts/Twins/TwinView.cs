namespace Twins.Contracts.Twins;

/// <summary>A twin's document at one revision.</summary>
/// <param name="Id">The twin id.</param>
/// <param name="Revision">The revision; as ETag in REST.</param>
/// <param name="Document">The whole document of DESIGN's shape, as canonical UTF-8 JSON.</param>
[GenerateSerializer, Immutable, Alias("twins.view")]
public sealed record TwinView(
    [property: Id(0)] string Id,
    [property: Id(1)] long Revision,
    [property: Id(2)] byte[] Document);
