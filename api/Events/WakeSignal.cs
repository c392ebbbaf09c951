using System.Threading.Channels;

namespace Twins.Api.Events;

/// <summary>Wakes the one reader of a queue. What is set while nobody waits is kept, once. Thread-safe.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, AllowSynchronousContinuations = false });

    /// <summary>Completes when it is set.</summary>
    public Task<bool> Wait(CancellationToken cancellationToken) => _set.Reader.WaitToReadAsync(cancellationToken).AsTask();

    /// <summary>There is something to look at.</summary>
    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>All was looked at.</summary>
    public void Reset() => _set.Reader.TryRead(out _);
}
