using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Membership;

namespace Twins.Silo.Twins;

/// <summary>
/// What twins of this silo answered when they were read. A twin removes its answer before a change is acknowledged and before it leaves, so
/// that a reader in the same process need not call the grain. What can change without the twin is checked at each read: whether this
/// silo still is a member of the cluster, and whether the device is still there.
/// </summary>
internal sealed class TwinCache(Pulse pulse, LinkTable links, IOptions<TwinsOptions> options, TimeProvider time) : ITwinCache
{
    /// <summary>Beyond, all are removed; those that are read often come back.</summary>
    public const int Capacity = 16_384;

    private readonly ConcurrentDictionary<string, (TwinView View, TwinState State)> _answers = new(StringComparer.Ordinal);
    private int _count;

    public TwinView? Find(string id) =>
        _answers.TryGetValue(id, out var answer) && !pulse.IsDoubtful && !HasLost(answer.State) ? answer.View : null;

    /// <summary>Whether the device of an online twin is gone, or has been silent for too long, so that the twin must become offline.</summary>
    public bool HasLost(TwinState state) =>
        state is { Exists: true, Connection: { Online: true, Address: { } address } }
        && (links.IsGone(address) || Inactivity.IsOver(state, options.Value.Devices.InactivityTimeout, time.GetUtcNow()));

    /// <summary>Keeps an answer. Only the twin's activation calls this and <see cref="Remove"/>, in its turns.</summary>
    /// <param name="view">The answer.</param>
    /// <param name="state">The state of the twin.</param>
    public void Keep(TwinView view, TwinState state)
    {
        if (_answers.TryAdd(view.Id, (view, state)) && Interlocked.Increment(ref _count) > Capacity)
        {
            _answers.Clear();
            Interlocked.Exchange(ref _count, 0);
        }
    }

    /// <summary>Removes an answer that is not right any more.</summary>
    /// <param name="id">The id of the twin.</param>
    public void Remove(string id)
    {
        if (_answers.TryRemove(id, out _))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
