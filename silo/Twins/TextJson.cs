using System.Text.Json.Serialization;

namespace Twins.Silo.Twins;

/// <summary>JSON of single values.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class TextJson : JsonSerializerContext;
