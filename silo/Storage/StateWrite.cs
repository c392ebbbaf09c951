using System.Diagnostics;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Storage;

/// <summary>A state on its way to the store.</summary>
/// <param name="key">Which state it is.</param>
/// <param name="known">The ETag of the state that it replaces; empty if there is none yet.</param>
/// <param name="next">The ETag that it gets.</param>
/// <param name="data">The serialized state.</param>
internal sealed class StateWrite(StateKey key, string known, string next, ReadOnlyMemory<byte> data)
{
    // The writer has the next batch to send, so continuations run elsewhere.
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The span that the write belongs to.</summary>
    public ActivityContext? Trace { get; } = TwinsTracing.Here();

    public StateKey Key => key;

    public string Known => known;

    public string Next => next;

    public ReadOnlyMemory<byte> Data => data;

    /// <summary>False for a deleted twin, of which only revision and tokens are kept. Such a write is accepted when the store is full.</summary>
    public bool Exists { get; init; } = true;

    /// <summary>The twin does not exist in the store yet, or was deleted there.</summary>
    public bool Creates { get; init; }

    /// <summary>The revision of a twin; 0 for other states.</summary>
    public long Revision { get; init; }

    /// <summary>How long the store keeps the state after this write; null: until it is deleted.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>Completes with true when the state is durable, and with false if the store holds another ETag.</summary>
    public Task<bool> Done => _done.Task;

    public void SetStored() => _done.TrySetResult(true);

    public void SetConflict() => _done.TrySetResult(false);

    public void SetFailed(Exception exception) => _done.TrySetException(exception);
}
