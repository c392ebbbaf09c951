using Twins.Api.Http;

namespace Twins.Api.Swagger;

/// <summary>An operation of a JSON patch (RFC 6902).</summary>
/// <param name="Op">What it does.</param>
/// <param name="Path">Where: a JSON pointer (RFC 6901), like <c>/tags/site</c>.</param>
/// <param name="From">With <c>move</c> and <c>copy</c>: the JSON pointer of what is moved or copied.</param>
/// <param name="Value">With <c>add</c>, <c>replace</c> and <c>test</c>: the value. A twin has no null members: <c>remove</c> removes one.</param>
internal sealed record JsonPatchOperation(JsonPatchVerb Op, string Path, string? From, RawJson? Value);
