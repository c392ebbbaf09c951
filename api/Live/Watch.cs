using System.Threading.Channels;
using Twins.Api.Events;

namespace Twins.Api.Live;

/// <summary>
/// Which twins match a filter, as one client was told: each by its revision, so that what comes from the index and what comes as
/// events, in whichever order, is told once. Thread-safe: the hub offers events while the client's own loop asks the index.
/// </summary>
internal sealed class Watch : HubClient
{
    /// <summary>How many changes wait for a client at most. Beyond, it is told all anew.</summary>
    public const int Capacity = 1_000;

    /// <summary>Twins besides the members whose revision is remembered, at most.</summary>
    private const int MaxOthers = 50_000;

    private readonly Lock _lock = new();
    private readonly int _maxMembers;
    private readonly Action _onSlow;
    private readonly Dictionary<string, long> _members = new(StringComparer.Ordinal);
    private readonly Queue<WatchChange> _queue = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, AllowSynchronousContinuations = false });

    /// <summary>
    /// What is known of twins that are no members: of those that have left, so that an event that is told again is not news, and while
    /// the index is asked of all that do not match, because its answer may be older than they are.
    /// </summary>
    private readonly Dictionary<string, long> _others = new(StringComparer.Ordinal);

    private bool _asking;
    private string? _broken;
    private long _missed;

    /// <summary>Makes a watch.</summary>
    /// <param name="filter">What twins match; null for all.</param>
    /// <param name="maxMembers">How many may match.</param>
    /// <param name="onSlow">Called when changes are missed.</param>
    public Watch(LiveFilter? filter, int maxMembers, Action onSlow)
        : base(twinId: null, filter)
    {
        _maxMembers = maxMembers;
        _onSlow = onSlow;
    }

    /// <inheritdoc/>
    public override bool WantsDocuments => true;

    /// <summary>Completes when there is something to take.</summary>
    public Task<bool> Something(CancellationToken cancellationToken) => _signal.Reader.WaitToReadAsync(cancellationToken).AsTask();

    /// <summary>More twins match than may.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>How many match.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _members.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override void Offer(HubEvent next, Match match)
    {
        lock (_lock)
        {
            if (_broken is not null)
            {
                _missed++;
            }
            else if (next.TwinId is null)
            {
                Break(LiveMessage.SourceGap);
            }
            else
            {
                Take(next, next.IsDeletion ? Match.No : next.Document is null ? Match.Unknown : match);
            }
        }
    }

    /// <summary>Forgets everything: all is told anew.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            (_broken, _missed, _asking) = (null, 0, true);
            _members.Clear();
            _others.Clear();
            _queue.Clear();
        }
    }

    /// <summary>The index is asked from now on.</summary>
    /// <returns>Who matches.</returns>
    public HashSet<string> BeginAsking()
    {
        lock (_lock)
        {
            _asking = true;
            return new HashSet<string>(_members.Keys, StringComparer.Ordinal);
        }
    }

    /// <summary>The index has answered.</summary>
    public void EndAsking()
    {
        lock (_lock)
        {
            _asking = false;
            Trim();
        }
    }

    /// <summary>A twin matches, at a revision.</summary>
    /// <returns>Whether that is news, and what; null if it is not.</returns>
    public WatchChangeKind? Admit(string twinId, long revision)
    {
        lock (_lock)
        {
            if (_members.TryGetValue(twinId, out var told))
            {
                if (told >= revision)
                {
                    return null;
                }

                _members[twinId] = revision;
                return WatchChangeKind.Changed;
            }

            return (_others.TryGetValue(twinId, out var known) && known > revision) || !Enter(twinId, revision) ? null : WatchChangeKind.Entered;
        }
    }

    /// <summary>The revision of a member that was told last; 0 of one that is no member.</summary>
    public long RevisionOf(string twinId)
    {
        lock (_lock)
        {
            return _members.GetValueOrDefault(twinId);
        }
    }

    /// <summary>A twin does not match, at a revision, though perhaps it did when it was told.</summary>
    /// <param name="twinId">Which.</param>
    /// <param name="revision">The revision at which it does not match.</param>
    /// <param name="told">The revision that was told.</param>
    /// <returns>Whether that is news.</returns>
    public bool Dismiss(string twinId, long revision, out long told)
    {
        lock (_lock)
        {
            if (!_members.TryGetValue(twinId, out told) || told > revision)
            {
                return false;
            }

            Leave(twinId, revision);
            return true;
        }
    }

    /// <summary>Takes what happened next; false if there is nothing.</summary>
    public bool TryTake(out WatchChange change)
    {
        lock (_lock)
        {
            if (_queue.TryDequeue(out change))
            {
                return true;
            }

            _signal.Reader.TryRead(out _);
            return false;
        }
    }

    /// <summary>Whether changes were missed, so that all has to be told anew.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="missed">How many, where that is known.</param>
    public bool IsBroken(out string reason, out long missed)
    {
        lock (_lock)
        {
            (reason, missed) = (_broken ?? string.Empty, _broken == LiveMessage.SlowReader ? _missed : 0);
            return _broken is not null;
        }
    }

    private void Take(HubEvent next, Match match)
    {
        var twinId = next.TwinId!;
        var revision = next.Revision;
        var isMember = _members.TryGetValue(twinId, out var told);
        if (isMember ? told >= revision : _others.TryGetValue(twinId, out var known) && known >= revision)
        {
            return;
        }

        switch (match)
        {
            case Match.Unknown:
                Queue(new WatchChange(WatchChangeKind.Unclear, next));
                break;
            case Match.Yes when isMember:
                _members[twinId] = revision;
                Queue(new WatchChange(WatchChangeKind.Changed, next));
                break;
            case Match.Yes when Enter(twinId, revision):
                Queue(new WatchChange(WatchChangeKind.Entered, next));
                break;
            case Match.No when isMember:
                Leave(twinId, revision);
                Queue(new WatchChange(WatchChangeKind.Left, next));
                break;
            case Match.No when _asking:
                _others[twinId] = revision;
                Trim();
                break;
            default:
                break;
        }
    }

    private bool Enter(string twinId, long revision)
    {
        if (_members.Count >= _maxMembers)
        {
            IsTooLarge = true;
            _signal.Writer.TryWrite(true);
            return false;
        }

        _others.Remove(twinId);
        _members[twinId] = revision;
        return true;
    }

    private void Leave(string twinId, long revision)
    {
        _members.Remove(twinId);
        _others[twinId] = revision;
        Trim();
    }

    private void Trim()
    {
        if (_others.Count <= MaxOthers)
        {
            return;
        }

        _others.Clear();
        if (_asking)
        {
            // What the index answers could be older than what was known, and nobody would know.
            Break(LiveMessage.SourceGap);
        }
    }

    private void Queue(WatchChange change)
    {
        if (_queue.Count == Capacity)
        {
            _missed = _queue.Count + 1;
            _onSlow();
            Break(LiveMessage.SlowReader);
            return;
        }

        _queue.Enqueue(change);
        _signal.Writer.TryWrite(true);
    }

    private void Break(string reason)
    {
        _broken = reason;
        _queue.Clear();
        _signal.Writer.TryWrite(true);
    }
}
