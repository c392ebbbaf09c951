using System.Collections.Concurrent;

namespace Twins.Silo.Fleet.Index;

/// <summary>The partitions of the fleet index that are active on this silo. Thread-safe.</summary>
internal sealed class LocalPartitions
{
    private readonly ConcurrentDictionary<int, object> _owners = new();

    /// <summary>Raised when a partition is not active here any more.</summary>
    public event EventHandler? Left;

    public ICollection<int> Shards => _owners.Keys;

    /// <summary>Notes that an activation of a partition is here.</summary>
    public void Enter(int shard, object activation) => _owners[shard] = activation;

    /// <summary>Notes that this activation has ended; another one of the same partition may be here already.</summary>
    public void Leave(int shard, object activation)
    {
        _owners.TryRemove(new(shard, activation));
        Left?.Invoke(this, EventArgs.Empty);
    }
}
