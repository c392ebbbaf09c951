using Orleans.Storage;
using Twins.Silo.Twins;

namespace Twins.Silo.Storage;

/// <summary>Twins lie in the store as JSON that a person can read; see <see cref="TwinStateFormat"/>.</summary>
internal sealed class GrainStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => input is TwinState state
        ? new BinaryData(TwinStateFormat.Write(state))
        : throw new NotSupportedException($"{typeof(T)} has no storage format; give it one here.");

    public T? Deserialize<T>(BinaryData input) => typeof(T) == typeof(TwinState)
        ? (T)(object)TwinStateFormat.Read(input.ToMemory())
        : throw new NotSupportedException($"{typeof(T)} has no storage format; give it one here.");
}
