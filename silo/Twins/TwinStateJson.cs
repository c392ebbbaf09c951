using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Twins.Contracts.Commands;
using Twins.Contracts.Events;
using Twins.Contracts.Json;

namespace Twins.Silo.Twins;

/// <summary>The small parts of a stored twin; its sections are copied as they are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(JsonBytesConverter)])]
[JsonSerializable(typeof(TwinConnection))]
[JsonSerializable(typeof(EpochHistory))]
[JsonSerializable(typeof(ImmutableArray<DesiredRejection>))]
[JsonSerializable(typeof(ImmutableArray<Command>))]
[JsonSerializable(typeof(ImmutableArray<TwinEvent>))]
internal sealed partial class TwinStateJson : JsonSerializerContext;
