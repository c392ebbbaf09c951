using System.Text.Json.Serialization;

namespace Twins.Silo.Membership;

/// <summary>How a <see cref="SiloVersion"/> is noted in Redis.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SiloVersion))]
internal sealed partial class SiloVersionJson : JsonSerializerContext;
