namespace Twins.Api.Live;

/// <summary>
/// When a subscription sends: at once, and in batches where there is much to send, so that a thousand readers of a busy fleet do not
/// each cost a wake-up and a packet for every event.
/// </summary>
/// <param name="load">How much all of them send.</param>
/// <param name="time">The clock.</param>
internal sealed class LivePace(LiveLoad load, TimeProvider time)
{
    /// <summary>Below the idle timeouts that proxies come with (30 s and up).</summary>
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    /// <summary>How far batches are apart: nobody sees it, and it makes 20 of any number of events a second.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private long? _sent;

    /// <summary>Waits until there is something to send, and it is time to.</summary>
    /// <param name="something">Completes when there is something.</param>
    /// <param name="atMost">How long; null for as long as it takes.</param>
    /// <param name="position">Says up to where all has been told; null where that is of no use.</param>
    /// <param name="sink">Where heartbeats go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>False if there is nothing.</returns>
    public async Task<bool> Wait(Task something, TimeSpan? atMost, Func<string?>? position, ILiveSink sink, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!something.IsCompleted)
        {
            var left = atMost - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            var silence = HeartbeatPeriod - time.GetElapsedTime(_sent ?? started);
            if (silence <= TimeSpan.Zero)
            {
                await sink.Heartbeat(position?.Invoke(), cancellationToken);
                Sent();
                continue;
            }

            // A timer may be a little early; then this comes round again.
            await something.WaitAsync(left < silence ? left.Value : silence, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (load.IsHigh && _sent is { } sent && time.GetElapsedTime(sent) is var passed && passed < Between)
        {
            await Task.Delay(Between - passed, time, cancellationToken);
        }

        return true;
    }

    /// <summary>Notes that something was sent.</summary>
    public void Sent()
    {
        _sent = time.GetTimestamp();
        load.Sent();
    }
}
