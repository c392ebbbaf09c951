namespace Twins.Silo.Fleet.Index;

/// <summary>
/// The revisions with which the last twins went: the last 32,768 at least and 65,536 at most. What comes late about one of them does not bring it
/// back.
/// </summary>
internal sealed class Graves
{
    private const int Generation = 32_768;

    private Texts _ids = new();
    private List<long> _revisions = [];
    private Texts _olderIds = new();
    private List<long> _olderRevisions = [];

    /// <summary>Memory it holds, in bytes.</summary>
    public long Bytes => _ids.Bytes + _olderIds.Bytes + ((_revisions.Capacity + _olderRevisions.Capacity) * 8L);

    /// <summary>Notes that a twin is gone.</summary>
    public void Add(ReadOnlySpan<byte> id, long revision)
    {
        if (_ids.Count == Generation && _ids.Find(id) < 0)
        {
            (_olderIds, _olderRevisions) = (_ids, _revisions);
            (_ids, _revisions) = (new Texts(), []);
        }

        var code = _ids.Add(id);
        if (code == _revisions.Count)
        {
            _revisions.Add(revision);
        }

        _revisions[code] = revision;
    }

    /// <summary>The revision with which a twin went; 0 where none is known.</summary>
    public long RevisionOf(ReadOnlySpan<byte> id) =>
        _ids.Find(id) is >= 0 and var code ? _revisions[code]
        : _olderIds.Find(id) is >= 0 and var older ? _olderRevisions[older]
        : 0;
}
