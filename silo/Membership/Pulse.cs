namespace Twins.Silo.Membership;

/// <summary>
/// Whether this process has just been running. One that stood still and goes on may have been given up by the others: what its
/// twins remember may be old, so readers wait until <see cref="StallWatch"/> has looked. Safe for any thread.
/// </summary>
internal sealed class Pulse
{
    /// <summary>A quarter of the time in which others give a silo up, and many times the beat.</summary>
    private const long LongestMilliseconds = 1_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    /// <summary>Of <see cref="Environment.TickCount64"/>; 0 where nobody watches: then there is one silo, and nobody to give it up.</summary>
    private long _last;

    /// <summary>It is not known that this process is still a part of its cluster.</summary>
    public bool IsDoubtful => Volatile.Read(ref _last) is not 0 and var last && Environment.TickCount64 - last > LongestMilliseconds;

    public void Beat() => Volatile.Write(ref _last, Environment.TickCount64);

    /// <summary>Nobody watches any more.</summary>
    public void Rest() => Volatile.Write(ref _last, 0);

    /// <summary>Returns when it is known; where it is not a part any more, the process ends.</summary>
    public async Task Certain()
    {
        while (IsDoubtful)
        {
            await Task.Delay(Look);
        }
    }
}
