using System.Diagnostics;

namespace Twins.Benchmarks.Load;

/// <summary>Holds a connection to a number of messages a second; what it was held up for, it catches up with.</summary>
/// <param name="rate">Messages a second.</param>
/// <param name="turn">
/// When in each interval its messages are due, 0 to 1, so that many connections do not send at the same moment; null where they do, as
/// machines that are read by one clock.
/// </param>
internal sealed class LoadPace(double rate, double? turn = null)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>How many messages it may have sent by now.</summary>
    public long Due => (long)Math.Floor((Stopwatch.GetElapsedTime(_started).TotalSeconds * rate) - (turn ?? 0)) + 1;

    /// <summary>Returns when one more may be sent, or a moment before.</summary>
    public async Task Wait(long sent)
    {
        var wait = TimeSpan.FromSeconds((sent + (turn ?? 1)) / rate) - Stopwatch.GetElapsedTime(_started);
        await Task.Delay(wait > s_pause ? wait : s_pause);
    }
}
