namespace Twins.Api.Live;

/// <summary>One subscription of a WebSocket.</summary>
internal sealed class SocketSubscription : IDisposable
{
    private readonly CancellationTokenSource _ending;
    private Task _telling = Task.CompletedTask;

    /// <summary>Makes it.</summary>
    /// <param name="feed">What is told.</param>
    /// <param name="sink">The way to the client.</param>
    /// <param name="ending">The connection ends.</param>
    public SocketSubscription(ILiveFeed feed, SocketSink sink, CancellationToken ending)
    {
        (Feed, Sink) = (feed, sink);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(ending);
    }

    /// <summary>What is told.</summary>
    public ILiveFeed Feed { get; }

    /// <summary>The way to the client.</summary>
    public SocketSink Sink { get; }

    /// <summary>Begins to tell.</summary>
    public void Begin(Func<CancellationToken, Task> tell) => _telling = Tell(tell);

    /// <summary>Ends it; returns when nothing of it is told any more.</summary>
    public async Task End()
    {
        await _ending.CancelAsync();
        await _telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose() => _ending.Dispose();

    private async Task Tell(Func<CancellationToken, Task> tell)
    {
        // Not on the thread that reads what the client asks for next.
        await Task.Yield();
        using (Feed)
        {
            await tell(_ending.Token);
        }
    }
}
