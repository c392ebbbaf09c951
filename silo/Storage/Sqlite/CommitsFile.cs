using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// The number of the last acknowledged commit, beside the database: after its log was synced and before anybody is told. A database
/// with a lower number has lost commits. 16 bytes: number and checksum. It is not synced, so after a power failure it may be lower
/// than the database's own number, which is harmless.
/// </summary>
internal sealed class CommitsFile : IDisposable
{
    private const int Size = 2 * sizeof(long);

    private readonly SafeFileHandle _file;

    private CommitsFile(SafeFileHandle file) => _file = file;

    /// <summary>Opens the file for writing.</summary>
    public static CommitsFile Open(string path) => new(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read));

    /// <summary>Creates the file, durably.</summary>
    public static void Create(string path, long commits)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        new CommitsFile(file).Write(commits);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Reads the number.</summary>
    /// <exception cref="StoreDamagedException">The file is missing or damaged.</exception>
    public static long Read(string path)
    {
        var data = File.Exists(path) ? File.ReadAllBytes(path) : throw new StoreDamagedException($"{path} is missing");
        return data.Length == Size && BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(sizeof(long))) == XxHash3.HashToUInt64(data.AsSpan(0, sizeof(long)))
            ? BinaryPrimitives.ReadInt64LittleEndian(data)
            : throw new StoreDamagedException($"{path} is damaged");
    }

    /// <summary>Writes the number.</summary>
    public void Write(long commits)
    {
        Span<byte> data = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(data, commits);
        BinaryPrimitives.WriteUInt64LittleEndian(data[sizeof(long)..], XxHash3.HashToUInt64(data[..sizeof(long)]));
        RandomAccess.Write(_file, data, fileOffset: 0);
    }

    public void Dispose() => _file.Dispose();
}
