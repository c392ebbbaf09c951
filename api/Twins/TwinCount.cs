namespace Twins.Api.Twins;

/// <summary>What a count answers.</summary>
/// <param name="Count">How many twins the filter holds for.</param>
internal sealed record TwinCount(long Count);
