using Twins.Silo.Storage;
using Twins.Silo.Twins;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Reading the shard from the store. What changes meanwhile comes by itself, and revisions decide, so the store need not stand still
/// for it.
/// </summary>
internal sealed partial class FleetPartitionGrain
{
    /// <summary>Twins that are read at once; taking them in is one turn of a few milliseconds.</summary>
    private const int PageSize = 500;

    private static readonly TimeSpan PauseOnFailure = TimeSpan.FromSeconds(1);

    /// <summary>Why it was read again lately: every silo says it, and one time is enough.</summary>
    private readonly HashSet<string> _reasons = new(StringComparer.Ordinal);

    /// <summary>Something has happened that no reading has begun after.</summary>
    private bool _isDue;

    /// <summary>Reads as long as there is something to read.</summary>
    private Task _reading = Task.CompletedTask;

    public Task ReadAgain(string reason)
    {
        if (_reasons.Add(reason))
        {
            if (_reasons.Count > 1000)
            {
                _reasons.Clear();
                _reasons.Add(reason);
            }

            BeginToRead();
        }

        return Task.CompletedTask;
    }

    /// <summary>Reads the shard; what is under way already and has not begun for want of a place is enough.</summary>
    private void BeginToRead()
    {
        _isDue = true;
        if (_reading.IsCompleted)
        {
            // Not awaited: it answers meanwhile. It ends with the activation, and catches what happens.
            _reading = ReadWhileDue();
        }
    }

    private async Task ReadWhileDue()
    {
        while (_isDue && !_left)
        {
            try
            {
                using var turn = await gate.Enter(again: _ready);
                _isDue = false;
                _ready |= await ReadShard();
            }
            catch (Exception exception)
            {
                // The store may be away for a while; until it is back there is no whole answer.
                _isDue = true;
                ReadingFailed(exception, Shard);
                await Task.Delay(PauseOnFailure, time);
            }
        }
    }

    /// <summary>True when all was read; false where the activation has ended before.</summary>
    private async Task<bool> ReadShard()
    {
        var started = time.GetTimestamp();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? after = null;
        do
        {
            var page = await store.ReadShardAsync(Shard, after, PageSize);
            Take(page.Twins);
            seen.UnionWith(page.Twins.Select(twin => twin.Id));
            after = page.Next;
            if (_left)
            {
                return false;
            }
        }
        while (after is not null);

        // A twin that is here and not in the shard was created just now, or was deleted by a silo that died before it reported that.
        foreach (var others in _table.Ids().Where(id => !seen.Contains(id)).ToArray().Chunk(PageSize))
        {
            await Read(others);
        }

        Measure(_table.Count, _table.Bytes);
        ShardRead(Shard, _table.Count, time.GetElapsedTime(started).TotalSeconds);
        return true;
    }

    /// <summary>Takes in what the store has of some twins.</summary>
    private async Task Read(string[] ids)
    {
        if (ids.Length == 0)
        {
            return;
        }

        Take(ids, await states.ReadAsync(ids));
    }

    private void Take(StoredTwin[] twins) => Take(Array.ConvertAll(twins, static twin => twin.Id), states.Decode(twins));

    private void Take(string[] ids, TwinState?[] found)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            if (found[i] is { } state)
            {
                Take(IndexedTwin.Of(ids[i], state));
            }
        }
    }

    [LoggerMessage(LogEvents.IndexShardRead, LogLevel.Debug, "Partition {Shard} of the fleet index has read {Twins} twins in {Seconds:0.000} s.")]
    private partial void ShardRead(int shard, int twins, double seconds);

    [LoggerMessage(LogEvents.IndexReadFailed, LogLevel.Warning, "Partition {Shard} of the fleet index could not be read from the store; it is tried again.")]
    private partial void ReadingFailed(Exception exception, int shard);
}
