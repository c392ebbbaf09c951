using System.IO.Hashing;
using System.Text;

namespace Twins.Silo.Storage;

/// <summary>Spreads twins over shards, each of which can be read and indexed on its own.</summary>
internal static class TwinShards
{
    /// <summary>The number of shards; it is part of the stored format.</summary>
    public const int Count = 32;

    /// <summary>Returns the shard of a twin: 0 to <see cref="Count"/> - 1.</summary>
    public static int Of(string twinId)
    {
        // Ids are ASCII, of 128 characters at most.
        Span<byte> utf8 = stackalloc byte[Contracts.Twins.TwinId.MaxLength * 3];
        return (int)(XxHash32.HashToUInt32(utf8[..Encoding.UTF8.GetBytes(twinId, utf8)]) % Count);
    }
}
