using Twins.Contracts.Fleet;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Bounds how long one question, its filter and its sort or groups, keeps a partition from everything else. 200 conditions fit in a filter, and each may look at
/// all texts; a filter that people ask for takes some milliseconds. Used by one thread.
/// </summary>
/// <remarks>
/// Partitions share the cores of their silo: all 32 on two cores have answered or given up after 16 s, before whoever asks has, after 30.
/// </remarks>
internal sealed class TurnLimit(TimeProvider time)
{
    /// <summary>What sorting or grouping a row counts as: some 100 ns, about as long as looking at so many bytes.</summary>
    public const int RowBytes = 64;

    /// <summary>How long a question may take.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Bytes between two looks at the clock: at worst some 10 ms. Whoever looks at fewer is not refused, however long others keep it waiting.
    /// </summary>
    private const int LookEvery = 1 << 20;

    private readonly long _started = time.GetTimestamp();
    private int _bytes;

    /// <summary>Notes that so many bytes are looked at.</summary>
    /// <exception cref="FilterTooSlowException">It has taken too long.</exception>
    public void Spend(int bytes)
    {
        _bytes += bytes;
        if (_bytes >= LookEvery)
        {
            _bytes = 0;
            if (time.GetElapsedTime(_started) > Most)
            {
                throw new FilterTooSlowException(Most);
            }
        }
    }
}
