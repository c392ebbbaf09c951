namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// Watches the free space of the data folder's volume, so that the store stops to take writes while there is still room for deletes,
/// checkpoints and the log of the operating system. Safe for any thread.
/// </summary>
internal sealed class VolumeSpace
{
    private const long MiB = 1 << 20;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly string _directory;
    private readonly TimeProvider _time;
    private long _lookedAt;
    private bool _isFull;

    /// <param name="directory">The data folder.</param>
    /// <param name="freeMiB">The reserve; null for the default, 0 for none.</param>
    /// <param name="time">The clock.</param>
    public VolumeSpace(string directory, int? freeMiB, TimeProvider time)
    {
        _directory = directory;
        _time = time;
        Reserve = freeMiB * MiB ?? DefaultReserve(directory);
        _lookedAt = time.GetTimestamp() - time.TimestampFrequency;
    }

    /// <summary>Gets the bytes that are kept free.</summary>
    public long Reserve { get; }

    /// <summary>Gets whether less than the reserve is free; looks four times a second at most.</summary>
    public bool IsFull
    {
        get
        {
            if (Reserve > 0 && _time.GetElapsedTime(Volatile.Read(ref _lookedAt)) > LookInterval)
            {
                Volatile.Write(ref _lookedAt, _time.GetTimestamp());
                Volatile.Write(ref _isFull, Free(_directory) < Reserve);
            }

            return Volatile.Read(ref _isFull);
        }
    }

    /// <summary>5 % of the volume, at least 64 MiB and at most 512 MiB.</summary>
    private static long DefaultReserve(string directory) => Math.Clamp(new DriveInfo(directory).TotalSize / 20, 64 * MiB, 512 * MiB);

    private static long Free(string directory)
    {
        try
        {
            return new DriveInfo(directory).AvailableFreeSpace;
        }
        catch (IOException)
        {
            // The next write tells what is wrong.
            return long.MaxValue;
        }
    }
}
