using Twins.Api.Events;
using Twins.Contracts.Twins;

namespace Twins.Api.Live;

/// <summary>
/// Which twins match a filter, as one client was told: each by its revision, so that what comes from the index and what comes as
/// events, in whichever order, is told once. What changes here is queued in the same moment, wherever it comes from, and the queue is all
/// that the client is told from: so the last that it is told of a twin is the last that was known. Thread-safe: the hub offers events
/// while the client's own loop asks the index.
/// </summary>
internal sealed class Watch : HubClient
{
    /// <summary>Twins besides the members whose revision is remembered, at most.</summary>
    private const int MaxOthers = 50_000;

    private readonly Lock _lock = new();
    private readonly int _maxMembers;
    private readonly Action<int> _onSlow;
    private readonly Dictionary<string, long> _members = new(StringComparer.Ordinal);
    private readonly WatchQueue _queue = new();

    /// <summary>
    /// What is known of twins that are no members: of those that have left, so that an event that is told again is not news; of those that
    /// are read, and while the index is asked of all that do not match, because what comes of it may be older than they are.
    /// </summary>
    private readonly Dictionary<string, long> _others = new(StringComparer.Ordinal);

    private bool _asking;
    private string? _broken;
    private long _missed;

    /// <summary>Makes a watch.</summary>
    /// <param name="filter">What twins match; null for all.</param>
    /// <param name="maxMembers">How many may match.</param>
    /// <param name="onSlow">Called when changes are missed, with how many wait.</param>
    public Watch(LiveFilter? filter, int maxMembers, Action<int> onSlow)
        : base(twinId: null, filter)
    {
        _maxMembers = maxMembers;
        _onSlow = onSlow;
    }

    /// <inheritdoc/>
    public override bool WantsDocuments => true;

    /// <summary>Completes when there is something to take.</summary>
    public Task<bool> Something(CancellationToken cancellationToken) => _queue.Something(cancellationToken);

    /// <summary>More twins match than may.</summary>
    public bool IsTooLarge { get; private set; }

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
    /// <returns>Who is a member now.</returns>
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

    /// <summary>The index has answered for the first time: those that match have all been told.</summary>
    public void Ready()
    {
        lock (_lock)
        {
            if (_broken is null)
            {
                _queue.Add(new WatchChange(WatchChangeKind.Ready, "", _members.Count, Document: null, Cause: null));
            }
        }

        EndAsking();
    }

    /// <summary>A twin was read, and matches.</summary>
    /// <param name="view">The twin.</param>
    /// <param name="entered">What it is told as where it was no member.</param>
    public void Admit(TwinView view, WatchChangeKind entered)
    {
        lock (_lock)
        {
            if (_broken is not null)
            {
                return;
            }

            if (_members.TryGetValue(view.Id, out var told))
            {
                if (told < view.Revision)
                {
                    _members[view.Id] = view.Revision;
                    _queue.Add(WatchChange.Of(WatchChangeKind.Changed, view));
                }
            }
            else if ((!_others.TryGetValue(view.Id, out var known) || known <= view.Revision) && Enter(view.Id, view.Revision))
            {
                _queue.Add(WatchChange.Of(entered, view));
            }
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

    /// <summary>A twin was read, and does not match, though perhaps it did when it was told.</summary>
    public void Dismiss(TwinView view)
    {
        lock (_lock)
        {
            if (_broken is null && _members.TryGetValue(view.Id, out var told) && told <= view.Revision)
            {
                Leave(view.Id, view.Revision);
                _queue.Add(WatchChange.Of(told == view.Revision ? WatchChangeKind.Lapsed : WatchChangeKind.Left, view));
            }
        }
    }

    /// <summary>A twin was looked for, and is not there.</summary>
    /// <param name="twinId">Which.</param>
    /// <param name="known">The revision that had been told when it was looked for: what was told since is newer.</param>
    public void Dismiss(string twinId, long known)
    {
        lock (_lock)
        {
            if (_broken is null && _members.TryGetValue(twinId, out var told) && told <= known)
            {
                Leave(twinId, told);
                _queue.Add(new WatchChange(WatchChangeKind.Deleted, twinId, told, Document: null, Cause: null));
            }
        }
    }

    /// <summary>Takes what is to be told next; false if there is nothing.</summary>
    public bool TryTake(out WatchChange change)
    {
        lock (_lock)
        {
            return _queue.TryTake(out change);
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
                if (!isMember && _others.TryAdd(twinId, revision - 1))
                {
                    Trim();
                }

                Queue(WatchChange.Of(WatchChangeKind.Unclear, next));
                break;
            case Match.Yes when isMember:
                _members[twinId] = revision;
                Queue(WatchChange.Of(WatchChangeKind.Changed, next));
                break;
            case Match.Yes when Enter(twinId, revision):
                Queue(WatchChange.Of(WatchChangeKind.Entered, next));
                break;
            case Match.No when isMember:
                Leave(twinId, revision);
                Queue(WatchChange.Of(next.IsDeletion ? WatchChangeKind.Deleted : WatchChangeKind.Left, next));
                break;
            case Match.No when _asking || _others.ContainsKey(twinId):
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
            _queue.Signal();
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

    private void Queue(in WatchChange change)
    {
        if (!_queue.TryAdd(change))
        {
            _missed = _queue.Events + 1;
            _onSlow(_queue.Events);
            Break(LiveMessage.SlowReader);
        }
    }

    private void Break(string reason)
    {
        _broken = reason;
        _queue.Clear();
        _queue.Signal();
    }
}
