using System.Text.Json.Nodes;

namespace Twins.Api.Swagger;

/// <summary>A merge patch (RFC 7396) over the application's part of a twin. What is absent stays as it is; null within <c>tags</c> and <c>desired</c> removes a property.</summary>
/// <param name="Tags">Changes of the tags; null instead of an object empties them.</param>
/// <param name="Desired">Changes of desired; null instead of an object empties it.</param>
/// <param name="Model">Which model the twin follows: 1–256 characters; null for none.</param>
/// <param name="Id">Taken if it is the id in the address.</param>
/// <param name="Revision">Write only if the twin is still at this revision.</param>
internal sealed record TwinPatch(JsonObject? Tags, JsonObject? Desired, string? Model, string? Id, long? Revision);
