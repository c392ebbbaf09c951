using System.Diagnostics;

namespace Twins.Benchmarks.Load;

/// <summary>Holds a connection to a number of messages a second; what it was held up for, it catches up with.</summary>
/// <param name="rate">Messages a second.</param>
internal sealed class LoadPace(double rate)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>How many messages it may have sent by now.</summary>
    public long Due => (long)(Stopwatch.GetElapsedTime(_started).TotalSeconds * rate) + 1;

    /// <summary>Returns when one more may be sent, or a moment before.</summary>
    public async Task Wait(long sent)
    {
        var wait = TimeSpan.FromSeconds((sent + 1) / rate) - Stopwatch.GetElapsedTime(_started);
        await Task.Delay(wait > s_pause ? wait : s_pause);
    }
}
