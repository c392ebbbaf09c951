using System.Text.Json.Serialization;

namespace Twins.Api.Http;

/// <summary>JSON kept as bytes inside a resource; it is written as it is.</summary>
/// <param name="Utf8">Canonical JSON.</param>
[JsonConverter(typeof(RawJsonConverter))]
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8);
