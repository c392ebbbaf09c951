using System.Text;
using StackExchange.Redis;

namespace Twins.Silo.Storage;

/// <summary>Where a grain's state lies in the store; the same for all who read and write it.</summary>
/// <param name="serviceId">Platforms that share a store are told apart by it.</param>
internal sealed class StateKeys(string serviceId)
{
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes($"{serviceId}/state/");

    /// <summary>Spelled as Orleans' provider does by itself, for example <c>twins/state/twin/acme:pump-1/twin</c>.</summary>
    /// <remarks>In bytes, as it goes to the store: a text would be made of three others for each write.</remarks>
    public RedisKey Of(string stateName, GrainId grain)
    {
        var type = grain.Type.AsSpan();
        var id = grain.Key.AsSpan();
        var key = new byte[_prefix.Length + type.Length + 1 + id.Length + 1 + Encoding.UTF8.GetByteCount(stateName)];
        var rest = key.AsSpan();
        Append(_prefix, ref rest);
        Append(type, ref rest);
        Append("/"u8, ref rest);
        Append(id, ref rest);
        Append("/"u8, ref rest);
        Encoding.UTF8.GetBytes(stateName, rest);
        return key;
    }

    private static void Append(ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }
}
