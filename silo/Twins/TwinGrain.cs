using Orleans.Concurrency;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;

namespace Twins.Silo.Twins;

/// <summary>
/// The twin of one device. All its methods interleave: each changes the state at once, without an await in
/// between, and then awaits a write, which Orleans joins with the other writes that have not started yet
/// (docs/decisions/0002-group-commit.md). Readers see the last durable state.
/// </summary>
[GrainType("twin")]
[Reentrant]
internal sealed partial class TwinGrain(
    [PersistentState("twin", StorageNames.Twins)] IPersistentState<TwinState> store,
    TwinServices services) : Grain, ITwinGrain
{
    /// <summary>Counts the changes that must be durable before anybody is told of them.</summary>
    private long _version;
    private long _durableVersion;
    private TwinState _durable = new();
    private byte[]? _document;

    /// <summary>The ETag of the last write that somebody has waited for.</summary>
    private string? _lastWrite;

    /// <summary>A write has failed: memory is ahead of the store, and this activation must go.</summary>
    private bool _failed;

    /// <summary>The write failed because the store did, and not because another activation wrote: the last durable state is still the last.</summary>
    private bool _readable;

    /// <summary>It is counted among the twins in memory.</summary>
    private bool _active;

    private TwinState State => store.State;

    private string Id => this.GetPrimaryKeyString();

    private TwinsOptions Options => services.Options;

    private DateTimeOffset Now => services.Time.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _durable = State;
        if (store.RecordExists && !State.IsDamaged)
        {
            // Of a write that failed nobody knows whether the store has taken it. The index hears of it here, where it has.
            services.Fleet.Changed(Id, State);
        }

        if (State.Exists || !State.Events.IsEmpty || State.DesiredPending)
        {
            // What was promised before a crash leaves now; what the device itself needs, it gets when it attaches.
            ScheduleExpiry();
            Pump();
        }

        services.Metrics.InMemory(there: true);
        _active = true;
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_active)
        {
            _active = false;
            ForgetDocument();
            services.Metrics.InMemory(there: false);
        }

        if (!_failed && _untidy)
        {
            try
            {
                await store.WriteStateAsync(CancellationToken.None);
                services.Fleet.Changed(Id, State);
            }
            catch (Exception exception)
            {
                // Nothing is lost: what was handed over is handed over again after the next activation.
                TellWriteFailed(exception);
            }
        }
    }

    public async Task<TwinView?> Get()
    {
        await BeCurrent();
        ThrowIfNotReadable();
        ThrowIfDamaged();
        await WhileStoreWorks(CorrectPresence);
        if (!_durable.Exists)
        {
            return null;
        }

        _document ??= TwinDocument.ForApplications(Id, _durable);
        var view = new TwinView(Id, _durable.Revision, _document);
        if (_active && !_failed)
        {
            services.Cache.Keep(view, State);
        }

        return view;
    }

    public async Task<TwinWriteResult> Delete(long? ifRevision)
    {
        ThrowIfFailed();
        if (!State.Exists && !State.IsDamaged)
        {
            return await RefusedAsync(TwinProblems.NoSuchTwin(Id));
        }

        if (ifRevision is { } expected && expected != State.Revision)
        {
            return await RefusedAsync(TwinProblems.WrongRevision(Id, expected, State.Revision));
        }

        // Of a damaged row the revision may be too low as well.
        var revision = State.Revision + (State.IsDamaged ? TwinState.RevisionGap : 1);
        var deleted = new TwinState { Revision = revision, Events = State.Events, Tokens = State.Tokens, DesiredPending = Options.Mqtt.Brokers.Count > 0 };
        Change(WithEvent(deleted, Contracts.Events.TwinEventKinds.Deleted, () => TwinEvents.Revision(revision), last: State));
        await Persist();
        TakeWaiters().ForEach(waiter => waiter.TrySetResult());
        Pump();
        return new TwinWriteResult(revision);
    }

    /// <summary>
    /// Does what a read brings up to date. If the store does not take it, the read is answered with the last durable state: a store
    /// that is full must still be readable.
    /// </summary>
    private async Task WhileStoreWorks(Func<Task> update)
    {
        if (_failed || services.Store.Fault is not null)
        {
            return;
        }

        try
        {
            await update();
        }
        catch (TwinUnavailableException exception) when (exception.Fault is not null)
        {
            // What is durable is known, and is what readers get.
        }
    }

    /// <summary>Makes <paramref name="next"/> the state. It must be durable before anybody is told.</summary>
    private void Change(TwinState next)
    {
        store.State = next;
        _version++;
    }

    /// <summary>Returns when everything up to now is durable.</summary>
    private async Task Persist()
    {
        if (_durableVersion >= _version)
        {
            return;
        }

        var version = _version;
        var state = State;
        try
        {
            // No token: only then does Orleans join this write with others that wait.
            await store.WriteStateAsync();
        }
        catch (Exception exception)
        {
            Fail(exception);
            throw new TwinUnavailableException($"the store did not take a change of twin {Id}; nothing was acknowledged, try again", exception)
            {
                IsConflict = exception is Orleans.Storage.InconsistentStateException,
                Fault = StoreFaults.FaultOf(exception),
            };
        }

        services.Metrics.Changed(joined: store.Etag == _lastWrite);
        _lastWrite = store.Etag;
        if (version > _durableVersion)
        {
            _durableVersion = version;
            _durable = state;
            ForgetDocument();
            services.Fleet.Changed(Id, state);
        }
    }

    private void ForgetDocument()
    {
        if (_document is not null)
        {
            _document = null;
            services.Cache.Remove(Id);
        }
    }

    private void Fail(Exception exception)
    {
        if (_failed)
        {
            return;
        }

        _failed = true;
        services.Cache.Remove(Id);
        _readable = StoreFaults.FaultOf(exception) is not null;
        TellWriteFailed(exception);
        TakeWaiters().ForEach(waiter => waiter.TrySetException(new TwinUnavailableException($"twin {Id} could not be stored; try again") { Fault = StoreFaults.FaultOf(exception) }));
        DeactivateOnIdle();
    }

    /// <summary>That the store as a whole fails is logged once, and not for each twin.</summary>
    private void TellWriteFailed(Exception exception)
    {
        var level = StoreFaults.FaultOf(exception) is null or StoreFault.Failed ? LogLevel.Warning : LogLevel.Debug;
        if (services.Logger.IsEnabled(level))
        {
            var (id, reason) = (Id, Short(exception.GetBaseException().Message));
            WriteFailed(services.Logger, level, id, reason);
        }
    }

    /// <summary>The store's client says a page of its own state behind the reason.</summary>
    private static string Short(string reason) => reason.Length > 300 ? reason[..300] + "…" : reason;

    /// <summary>What is remembered may be answered with: the others have not given this silo up, and gone on without it.</summary>
    private async ValueTask BeCurrent()
    {
        if (services.Pulse.IsDoubtful && !await services.Pulse.Certain())
        {
            throw new TwinUnavailableException($"twin {Id} is on a silo that stood still and does not know yet whether it was given up; try again");
        }
    }

    private void ThrowIfFailed()
    {
        if (_failed)
        {
            // Nothing of this call was begun.
            throw new TwinUnavailableException($"twin {Id} is being read from the store again; try again") { IsConflict = true };
        }
    }

    /// <summary>A store that fails can be read, and so can its twins until they are gone from memory.</summary>
    private void ThrowIfNotReadable()
    {
        if (!_readable)
        {
            ThrowIfFailed();
        }
    }

    private void ThrowIfDamaged()
    {
        if (_durable.IsDamaged)
        {
            throw new TwinUnavailableException(TwinProblems.Damaged(Id).Detail) { Fault = StoreFault.TwinDamaged };
        }
    }

    [LoggerMessage(EventId = LogEvents.TwinWriteFailed, Message = "Failed to write twin {TwinId}; reading it from the store again: {Reason}")]
    private static partial void WriteFailed(ILogger logger, LogLevel level, string twinId, string reason);
}
