namespace Twins.Api.Swagger;

/// <summary>What twins add up to.</summary>
/// <param name="Groups">In the order of what was grouped by: false, true, numbers, times, texts, objects and arrays, nothing.</param>
internal sealed record GroupListDocument(GroupDocument[] Groups);
