using Twins.Api.Events;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;

namespace Twins.Api.Live;

/// <summary>
/// Which twins match a filter, and how that changes, as a subscription: first all that match, then whatever comes to match, changes
/// or ceases to. It listens before it asks the index, so that nothing falls in between; what it was told twice it tells once.
/// </summary>
internal sealed class WatchFeed : ILiveFeed
{
    /// <summary>Of an event's worth of twins a page is little, and of memory too.</summary>
    private const int PageSize = 500;

    /// <summary>Ids are small: more of them go into one.</summary>
    private const int IdPageSize = 1000;

    /// <summary>Twins that are read at once.</summary>
    private const int ReadsAtOnce = 32;

    private const string StartsAnew = "changes were missed; forget the members, they are told anew";

    /// <summary>
    /// How far apart the index is asked where time alone makes twins match, or not. Others are asked once, so long behind the start: what
    /// changed shortly before the watch began may not have been in the index yet.
    /// </summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly EventHub _hub;
    private readonly EventHubLifetime _lifetime;
    private readonly IGrainFactory _grains;
    private readonly QueryAdmission _queries;
    private readonly LiveFilter? _filter;
    private readonly string _caller;
    private readonly int _maxMembers;
    private readonly TimeProvider _time;
    private readonly LivePace _pace;
    private readonly Watch _watch;
    private readonly DocumentFilter? _wanted;
    private Task<bool>? _something;

    /// <summary>Makes the subscription.</summary>
    /// <param name="hub">Where events come from.</param>
    /// <param name="lifetime">Has the hub listen.</param>
    /// <param name="grains">The way to the index and to twins.</param>
    /// <param name="queries">Limits queries to the index.</param>
    /// <param name="filter">What twins match; null for all.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="maxMembers">How many may match.</param>
    /// <param name="pace">When to send.</param>
    /// <param name="time">The clock.</param>
    public WatchFeed(
        EventHub hub, EventHubLifetime lifetime, IGrainFactory grains, QueryAdmission queries, LiveFilter? filter, string caller, int maxMembers, LivePace pace, TimeProvider time)
    {
        (_hub, _lifetime, _grains, _queries, _filter, _caller, _maxMembers, _time) = (hub, lifetime, grains, queries, filter, caller, maxMembers, time);
        _pace = pace;
        _watch = new Watch(filter, maxMembers, waiting => hub.LogSlowReader(filter?.Text ?? "*", waiting));
        _wanted = filter is null ? null : new DocumentFilter(filter.Parsed);
    }

    private IFleetGrain Fleet => _grains.GetGrain<IFleetGrain>(0);

    /// <inheritdoc/>
    public async Task<Problem?> Open(CancellationToken cancellationToken)
    {
        await _lifetime.Listening(documents: true, cancellationToken);
        _watch.Begin();
        _hub.Add(_watch);
        var question = Question(after: null, PageSize, _time.GetUtcNow());
        var matching = await _queries.Run(_caller, () => ReadRetry.Call(() => Fleet.Count(question).WaitAsync(cancellationToken)), cancellationToken);
        return matching > _maxMembers ? RequestProblems.WatchTooLarge(matching, _maxMembers) : null;
    }

    /// <inheritdoc/>
    public async Task<Problem?> Run(ILiveSink sink, CancellationToken cancellationToken)
    {
        sink.Opened(_hub.Position);
        await sink.Flush(cancellationToken);
        while (true)
        {
            await Begin(sink, cancellationToken);
            await Follow(sink, cancellationToken);
            if (_watch.IsTooLarge)
            {
                return RequestProblems.WatchTooLarge(matching: null, _maxMembers);
            }

            _watch.IsBroken(out var reason, out var missed);
            sink.Write(LiveMessage.Reset(_hub.Position, reason, missed, StartsAnew));
            await sink.Flush(cancellationToken);
            _watch.Begin();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hub.Remove(_watch);

    /// <summary>Tells all that match, and that these were all.</summary>
    private async Task Begin(ILiveSink sink, CancellationToken cancellationToken)
    {
        await AskFirst(sink, cancellationToken);
        if (HasEnded())
        {
            return;
        }

        _watch.Ready();
        await Drain(sink, cancellationToken);
        _pace.Sent();
    }

    /// <summary>Tells what changes, until all has to be told anew.</summary>
    private async Task Follow(ILiveSink sink, CancellationToken cancellationToken)
    {
        var asks = true;
        var asked = _time.GetTimestamp();
        while (!HasEnded())
        {
            var left = asks ? AskEvery - _time.GetElapsedTime(asked) : (TimeSpan?)null;
            _something = _something is { IsCompleted: false } pending ? pending : _watch.Something(cancellationToken);
            if (await _pace.Wait(_something, left, position: null, sink, cancellationToken))
            {
                await Drain(sink, cancellationToken);
                _pace.Sent();
            }

            if (asks && _time.GetElapsedTime(asked) >= AskEvery && !HasEnded())
            {
                await AskAgain(sink, cancellationToken);
                asks = _filter is not null && Rql.DependsOnTime(_filter.Parsed);
                asked = _time.GetTimestamp();
            }
        }
    }

    private bool HasEnded() => _watch.IsTooLarge || _watch.IsBroken(out _, out _);

    /// <summary>Asks the index, page by page, and tells who matches; in between, what happens meanwhile.</summary>
    private async Task AskFirst(ILiveSink sink, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        FoundTwin? after = null;
        do
        {
            var question = Question(after, PageSize, now);
            var page = await Insist(() => _queries.Run(_caller, () => Fleet.Query(question), cancellationToken), sink, cancellationToken);
            Array.ForEach(page.Twins, twin => _watch.Admit(twin, WatchChangeKind.Member));
            await Drain(sink, cancellationToken);
            after = page.Next;
        }
        while (after is not null && !HasEnded());
    }

    /// <summary>
    /// Tells where the index knows better than what was told. It is asked for ids, and only twins that would enter or leave are read: one
    /// that is read every few seconds would never leave the memory of its silo.
    /// </summary>
    private async Task AskAgain(ILiveSink sink, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var absent = _watch.BeginAsking();
        FoundTwin? after = null;
        do
        {
            var question = Question(after, IdPageSize, now);
            var page = await Insist(() => _queries.Run(_caller, () => Fleet.Find(question), cancellationToken), sink, cancellationToken);
            absent.ExceptWith(page.Ids);
            await Look(Array.FindAll(page.Ids, id => _watch.RevisionOf(id) == 0), sink, cancellationToken);
            after = page.Next;
        }
        while (after is not null && !HasEnded());

        // The index may be behind what was told; the twin itself is not.
        await Look([.. absent], sink, cancellationToken);
        if (!HasEnded())
        {
            _watch.EndAsking();
        }
    }

    /// <summary>Tells what is queued. Nothing else tells of twins, so that they are told of in the order of the queue.</summary>
    private async Task Drain(ILiveSink sink, CancellationToken cancellationToken)
    {
        string? position = null;
        while (_watch.TryTake(out var change))
        {
            if (change.Kind == WatchChangeKind.Unclear)
            {
                await Read([change.TwinId], sink, cancellationToken);
                continue;
            }

            sink.Write(change.Message(change.Cause?.Id ?? (position ??= _hub.Position)));
            if (sink.IsFull)
            {
                await sink.Flush(cancellationToken);
            }
        }

        await sink.Flush(cancellationToken);
    }

    /// <summary>Reads twins, some at once, and tells what is news of them; in between, what happens meanwhile.</summary>
    private async Task Look(string[] twinIds, ILiveSink sink, CancellationToken cancellationToken)
    {
        foreach (var ids in twinIds.Chunk(ReadsAtOnce))
        {
            if (HasEnded())
            {
                return;
            }

            await Read(ids, sink, cancellationToken);
            await Drain(sink, cancellationToken);
        }
    }

    /// <summary>Reads twins, and queues what is news of them.</summary>
    private async Task Read(string[] twinIds, ILiveSink sink, CancellationToken cancellationToken)
    {
        // What is told while they are read is newer than a twin that is not there.
        var before = Array.ConvertAll(twinIds, _watch.RevisionOf);
        var views = await Insist(() => Task.WhenAll(twinIds.Select(Get)), sink, cancellationToken);
        for (var i = 0; i < views.Length; i++)
        {
            if (views[i] is not { } view)
            {
                _watch.Dismiss(twinIds[i], before[i]);
            }
            else if (Matches(view.Document))
            {
                _watch.Admit(view, WatchChangeKind.Entered);
            }
            else
            {
                _watch.Dismiss(view);
            }
        }
    }

    /// <summary>Reads a twin; one whose row is damaged is not there, as in lists.</summary>
    private async Task<TwinView?> Get(string id)
    {
        try
        {
            return await _grains.Twin(id).Get();
        }
        catch (Exception exception) when (StoreFaults.FaultOf(exception) == StoreFault.TwinDamaged)
        {
            return null;
        }
    }

    private bool Matches(byte[] document) => _wanted is null || _wanted.Holds(document, _time.GetUtcNow());

    /// <summary>Asks until there is an answer: the stream has begun, and nothing else can be told before.</summary>
    private async Task<T> Insist<T>(Func<Task<T>> ask, ILiveSink sink, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ask().WaitAsync(cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && (exception is IndexRebuildingException or TooManyQueriesException || Unavailability.Is(exception)))
            {
                await _pace.Wait(Task.Delay(RetryAfter, _time, cancellationToken), atMost: null, position: null, sink, cancellationToken);
            }
        }
    }

    private FleetQuery Question(FoundTwin? after, int limit, DateTimeOffset now) =>
        new() { Filter = _filter?.Text, After = after, Limit = limit, Now = now, Caller = _caller };
}
