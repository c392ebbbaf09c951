using Orleans.Storage;
using Twins.Silo.Links.Gateway;
using Twins.Silo.Twins;

namespace Twins.Silo.Storage;

/// <summary>States lie in the store as JSON that a person can read; see <see cref="TwinStateFormat"/> and <see cref="GatewaySessionFormat"/>.</summary>
internal sealed class GrainStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => input switch
    {
        TwinState twin => new BinaryData(TwinStateFormat.Write(twin)),
        GatewaySessionState session => new BinaryData(GatewaySessionFormat.Write(session)),
        _ => throw new NotSupportedException($"{typeof(T)} has no storage format; give it one here."),
    };

    public T? Deserialize<T>(BinaryData input) =>
        typeof(T) == typeof(TwinState) ? (T)(object)TwinStateFormat.Read(input.ToMemory())
        : typeof(T) == typeof(GatewaySessionState) ? (T)(object)GatewaySessionFormat.Read(input.ToMemory())
        : throw new NotSupportedException($"{typeof(T)} has no storage format; give it one here.");
}
