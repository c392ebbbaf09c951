using Orleans.Placement;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// Who holds a session is in memory, for a gateway that lives says it again (docs/decisions/0010-gateway-sessions.md).
/// Stored is what must outlive the holder, and only where it has changed. Where the client connects, its grain is made.
/// </summary>
[GrainType("gatewaysession")]
[PreferLocalPlacement]
[CollectionAgeLimit(Hours = 3)]
internal sealed partial class GatewaySessionGrain(
    [PersistentState("session", StorageNames.Twins)] IPersistentState<GatewaySessionState> store,
    LinkTable links,
    TwinsMetrics metrics,
    TimeProvider time,
    ILogger<GatewaySessionGrain> logger) : Grain, IGatewaySessionGrain
{
    /// <summary>A gateway that has not answered in this time is taken for gone: the client waits.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(1);

    /// <summary>A gateway that lives gives the session up in 2 s (<see cref="ISessionHolder.HandOver"/>); and the way there and back.</summary>
    private static readonly TimeSpan HandOverWithin = TimeSpan.FromSeconds(3);

    private SessionClaim? _holder;
    private TakeoverRate? _takeovers;

    /// <summary>When the holder's connection ended; null while it is there.</summary>
    private DateTimeOffset? _disconnectedAt;

    private string ClientId => this.GetPrimaryKeyString();

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<ClaimAnswer> Claim(SessionClaim claim)
    {
        var before = _holder is { } holder && holder.Id != claim.Id ? holder : null;
        if (before is not null && before.Token > claim.Token)
        {
            return new ClaimAnswer(null, SessionContent.Nothing, Refused: before.Token);
        }

        NoteTakeover(before);
        var mine = before is not null && before.Address == claim.Address;
        var moved = before is not null && !mine ? await Take(before) : null;

        // What a holder has given is what is; where none could be asked, what is stored.
        var content = moved ?? FromStore(before);
        _holder = claim;
        _disconnectedAt = null;
        var resumed = !claim.Clean && content.Resumable;
        await Keep(claim, resumed ? content.Subscriptions : []);
        return new ClaimAnswer(mine ? before!.Id : null, resumed ? content : new SessionContent { Devices = content.Devices });
    }

    public Task Hear() => Task.CompletedTask;

    public async Task<bool> Renew(SessionClaim claim, DateTimeOffset? disconnectedAt)
    {
        if (_holder is { } holder && holder.Id != claim.Id)
        {
            var gone = links.IsGone(holder.Address);
            if (!gone && holder.Token > claim.Token)
            {
                return false;
            }

            if (!gone)
            {
                await Close(holder);
            }
        }

        _holder = claim;
        _disconnectedAt = disconnectedAt;
        if (claim.ExpirySeconds == 0)
        {
            await Clear();
        }
        else if (store.RecordExists && store.State.ExpirySeconds != claim.ExpirySeconds)
        {
            await Keep(claim, store.State.Subscriptions);
        }
        else
        {
            await Note();
        }

        return true;
    }

    public async Task<bool> Store(Guid claim, SessionSubscription[] subscriptions)
    {
        if (_holder is not { } holder || holder.Id != claim)
        {
            return false;
        }

        await Keep(holder, subscriptions);
        return true;
    }

    public async Task Release(Guid claim, DateTimeOffset disconnectedAt)
    {
        if (_holder is not { } holder || holder.Id != claim)
        {
            return;
        }

        if (holder.ExpirySeconds == 0)
        {
            _holder = null;
            DeactivateOnIdle();
            return;
        }

        _disconnectedAt = disconnectedAt;
        await Note();
    }

    public async Task Forget(Guid claim)
    {
        if (_holder?.Id == claim)
        {
            await Clear();
            _holder = null;
            DeactivateOnIdle();
        }
    }

    private void NoteTakeover(SessionClaim? before)
    {
        if (before is not null && _disconnectedAt is null && (_takeovers ??= new TakeoverRate(time)).Note())
        {
            metrics.ClientIdConflict();
            ClientIdConflict(ClientId, TakeoverRate.Conflict, TakeoverRate.Period.TotalSeconds);
        }
    }

    /// <summary>The session as it is with another gateway; null where that does not give it.</summary>
    private async Task<SessionContent?> Take(SessionClaim holder)
    {
        if (links.IsGone(holder.Address))
        {
            return null;
        }

        // First something that a gateway answers at once: one that stands still must not cost the client more time.
        if (!await Close(holder))
        {
            return null;
        }

        try
        {
            return await holder.Gateway.HandOver(holder.Id).WaitAsync(HandOverWithin, time);
        }
        catch (Exception exception)
        {
            NotHandedOver(exception, ClientId, holder.Address.Instance);
            return null;
        }
    }

    private async Task<bool> Close(SessionClaim holder)
    {
        try
        {
            await holder.Gateway.Close(holder.Id).WaitAsync(CloseWithin, time);
            return true;
        }
        catch (Exception exception)
        {
            // It may still do it when it goes on; or its silo is declared dead.
            NotHandedOver(exception, ClientId, holder.Address.Instance);
            return false;
        }
    }

    private SessionContent FromStore(SessionClaim? before)
    {
        if (!store.RecordExists)
        {
            return SessionContent.Nothing;
        }

        var over = before is null
            ? SessionExpiry.IsOver(store.State, Now)
            : before.ExpirySeconds == 0 || (_disconnectedAt is { } at && SessionExpiry.IsOver(before.ExpirySeconds, at, Now));
        return over ? SessionContent.Nothing : new SessionContent { Resumable = true, Subscriptions = store.State.Subscriptions };
    }

    /// <summary>Has the store say what is, if it says anything else. Of a session without subscriptions there is nothing to keep.</summary>
    private async Task Keep(SessionClaim claim, SessionSubscription[] subscriptions)
    {
        if (claim.ExpirySeconds == 0 || subscriptions.Length == 0)
        {
            await Clear();
            return;
        }

        if (!store.RecordExists || store.State.ExpirySeconds != claim.ExpirySeconds || IsNoteDue() || !subscriptions.AsSpan().SequenceEqual(store.State.Subscriptions))
        {
            await Write(new GatewaySessionState { Subscriptions = subscriptions, ExpirySeconds = claim.ExpirySeconds, At = _disconnectedAt ?? Now });
        }
    }

    /// <summary>Notes that the session is in use, or was until now, unless that was noted lately.</summary>
    private Task Note() => store.RecordExists && IsNoteDue() ? Write(store.State with { At = _disconnectedAt ?? Now }) : Task.CompletedTask;

    /// <summary>Its gateway asks twice as often as a note is due at the latest.</summary>
    private bool IsNoteDue() => (_disconnectedAt ?? Now) - store.State.At > SessionExpiry.NoteEvery(store.State.ExpirySeconds) / 2;

    private async Task Write(GatewaySessionState state)
    {
        store.State = state;
        await Guarded(() => store.WriteStateAsync());
    }

    private Task Clear() => store.RecordExists ? Guarded(() => store.ClearStateAsync()) : Task.CompletedTask;

    /// <summary>After a write that failed memory may be ahead of the store, or another activation may have written.</summary>
    private async Task Guarded(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(LogEvents.GatewayClientIdConflict, LogLevel.Warning, "Client id {ClientId} took over its own open connection {Count} times within {Seconds} s: two clients use it, and disconnect each other. Give each client an id of its own.")]
    private partial void ClientIdConflict(string clientId, int count, double seconds);

    [LoggerMessage(LogEvents.GatewaySessionNotHandedOver, LogLevel.Information, "The gateway of silo {Silo} does not hand over the session of client {ClientId}, which goes on without it.")]
    private partial void NotHandedOver(Exception exception, string clientId, string silo);
}
