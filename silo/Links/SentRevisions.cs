namespace Twins.Silo.Links;

/// <summary>
/// Remembers the last revision of <c>desired</c> that was sent to each device, so that an older one is not sent after it: an activation
/// that was suspended with its silo can still send an old delta. Forgets the devices that were not sent to for the longest time. Safe
/// for any thread.
/// </summary>
/// <param name="capacity">Devices that are remembered at least; at most twice as many.</param>
internal sealed class SentRevisions(int capacity)
{
    private readonly Lock _gate = new();
    private Dictionary<string, long> _recent = new(StringComparer.Ordinal);
    private Dictionary<string, long> _older = new(StringComparer.Ordinal);

    /// <summary>Notes a revision that is about to be sent; returns false if a newer one was sent before.</summary>
    public bool TryAdvance(string twinId, long revision)
    {
        lock (_gate)
        {
            if ((_recent.TryGetValue(twinId, out var sent) || _older.TryGetValue(twinId, out sent)) && revision < sent)
            {
                return false;
            }

            _recent[twinId] = revision;
            if (_recent.Count >= capacity)
            {
                (_older, _recent) = (_recent, new(StringComparer.Ordinal));
            }

            return true;
        }
    }
}
