using System.Diagnostics;
using StackExchange.Redis;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Storage;

/// <summary>One grain's state on its way to the store.</summary>
/// <param name="key">Where it lies.</param>
/// <param name="known">The ETag of the state it follows; empty where there is none yet.</param>
/// <param name="next">The ETag it gets.</param>
/// <param name="data">The state.</param>
internal sealed class StoreWrite(RedisKey key, string known, string next, ReadOnlyMemory<byte> data)
{
    // Whoever waits goes on by itself: the writer has the next batch to send.
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whose span it belongs to.</summary>
    public ActivityContext? Trace { get; } = TwinsTracing.Here();

    public RedisKey Key => key;

    public string Known => known;

    public string Next => next;

    public ReadOnlyMemory<byte> Data => data;

    /// <summary>True when it is durable; false where the store knows another ETag.</summary>
    public Task<bool> Done => _done.Task;

    public void Stored() => _done.TrySetResult(true);

    public void Conflicts() => _done.TrySetResult(false);

    public void Failed(Exception exception) => _done.TrySetException(exception);
}
