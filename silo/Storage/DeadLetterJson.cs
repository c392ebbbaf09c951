using System.Text.Json.Serialization;
using Twins.Contracts.Fleet;

namespace Twins.Silo.Storage;

/// <summary>How dead letters lie in the store.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeadLetter))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
