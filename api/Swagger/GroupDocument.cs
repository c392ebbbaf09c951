using System.Text.Json.Nodes;

namespace Twins.Api.Swagger;

/// <summary>Twins that are alike in what was grouped by.</summary>
/// <param name="Group">What they have in common: for each path its value; null where they have nothing there.</param>
/// <param name="Other">The paths at which they have an object or an array (or a number that no double holds): those are one group, whatever is in them.</param>
/// <param name="Measures">For each measure what it came to; null where there was no number.</param>
internal sealed record GroupDocument(JsonObject Group, string[]? Other, JsonObject Measures);
