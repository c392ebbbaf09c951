using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>Computes what proves that a row is the one that was written: SQLite checks the frames of its log, and no pages.</summary>
internal static class RowChecksum
{
    private const int LongestOnStack = 1024;

    /// <summary>Returns the checksum of a row: 64 bits over its table, key, ETag, numbers and data.</summary>
    public static long Of(SqliteTable table, string id, ReadOnlySpan<byte> etag, long first, long second, ReadOnlySpan<byte> data)
    {
        var length = Encoding.UTF8.GetByteCount(id);
        var size = (4 * sizeof(long)) + length + etag.Length;
        Span<byte> header = size <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[size];
        BinaryPrimitives.WriteInt32LittleEndian(header, (int)table);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], length);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], etag.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], first);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], second);
        Encoding.UTF8.GetBytes(id, header[32..]);
        etag.CopyTo(header[(32 + length)..]);
        return (long)XxHash3.HashToUInt64(data, (long)XxHash3.HashToUInt64(header[..size]));
    }

    /// <summary>Returns the hash of a row's key.</summary>
    public static long OfKey(SqliteTable table, string id)
    {
        var length = Encoding.UTF8.GetByteCount(id);
        Span<byte> utf8 = length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[length];
        return (long)XxHash3.HashToUInt64(utf8[..Encoding.UTF8.GetBytes(id, utf8)], (int)table);
    }
}
