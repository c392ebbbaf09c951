namespace Twins.Api.Swagger;

/// <summary>A page of twins.</summary>
/// <param name="Items">In the order of their ids.</param>
/// <param name="Cursor">Where the next page starts; absent on the last.</param>
internal sealed record TwinPageDocument(TwinDocument[] Items, string? Cursor);
