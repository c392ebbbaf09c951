using Twins.Contracts.Events;
using Twins.Contracts.Twins;
using Twins.Silo.Links;

namespace Twins.Silo.Twins;

/// <summary>Whether the device is there.</summary>
internal sealed partial class TwinGrain
{
    /// <summary>
    /// A device that has just spoken need not be noted as seen again: until the next write that would be a second
    /// state to keep in memory.
    /// </summary>
    private static readonly TimeSpan SeenAlready = TimeSpan.FromSeconds(1);

    public async Task Attach(DeviceAttachment attachment, long call)
    {
        ThrowIfFailed();
        if (IsFenced(attachment.Source, call) || !State.Exists)
        {
            return;
        }

        Appear(attachment.Source);
        _desiredWanted |= attachment.WantsDesired;
        if (attachment.Anew)
        {
            SendAgainWhatWasSentTo(attachment.Source.Address);
        }

        await Persist();
        Pump();
    }

    public async Task Wake()
    {
        ThrowIfFailed();
        await CorrectPresence();
        await StoreLastSeen();
        Pump();
    }

    public async Task Detach(MessageSource source, long call)
    {
        ThrowIfFailed();
        if (!IsFenced(source, call) && State.Exists && State.Connection.Address == source.Address)
        {
            Disappear();
            await Persist();
            Pump();
        }
    }

    /// <summary>
    /// A device that hung on a silo's gateway is not there any more when that silo is gone, though nobody was left
    /// to say so. A device that has sent nothing within its inactivity timeout counts as offline.
    /// </summary>
    private async Task CorrectPresence()
    {
        if (services.Cache.HasLost(State))
        {
            Disappear();
            await Persist();
            Pump();
        }
    }

    /// <summary>
    /// The sweep asks because the fleet index has an old time. If the device has sent something since that changed nothing, the later time
    /// is written, so that the sweep does not ask again.
    /// </summary>
    private async Task StoreLastSeen()
    {
        if (State.Connection.LastSeen > _durable.Connection.LastSeen && Inactivity.TimeoutOf(State, Options.Devices.InactivityTimeout) is not null)
        {
            Change(State);
            await Persist();
        }
    }

    /// <summary>The device has sent something that changes nothing but when it was last seen; that goes along with the next write.</summary>
    private void NoteSeen(DeviceMessage message)
    {
        var now = Now;
        if (message.Retained || message.FromWill || !State.Connection.Online || State.Connection.Address != message.Source.Address || now - State.Connection.LastSeen <= SeenAlready)
        {
            return;
        }

        store.State = State with { Connection = State.Connection with { LastSeen = now } };
        _untidy |= Inactivity.TimeoutOf(State, Options.Devices.InactivityTimeout) is not null;
    }

    private void Appear(MessageSource source)
    {
        var now = Now;
        if (!State.Exists)
        {
            var created = new TwinState
            {
                Exists = true,
                Revision = State.Revision + 1,
                CreatedAt = now,
                ModifiedAt = now,
                Connection = Seen(State.Connection, source, now),
                Events = State.Events,
                Tokens = State.Tokens,
                DesiredPending = State.DesiredPending,
            };
            Change(WithOnline(State, WithEvent(created, TwinEventKinds.Created, () => TwinDocument.ForApplications(Id, created))));
            return;
        }

        if (State.Connection.Online && State.Connection.Address == source.Address)
        {
            if (now - State.Connection.LastSeen > SeenAlready)
            {
                // Only when it was last seen has changed; that goes along with the next write.
                store.State = State with { Connection = Seen(State.Connection, source, now) };
            }

            return;
        }

        _appearedAt = services.Time.GetTimestamp();
        Change(WithOnline(State, State with { Revision = State.Revision + 1, ModifiedAt = now, Connection = Seen(State.Connection, source, now) }));
    }

    private void Disappear()
    {
        if (!State.Connection.Online)
        {
            return;
        }

        var now = Now;
        var next = State with
        {
            Revision = State.Revision + 1,
            ModifiedAt = now,
            Connection = State.Connection with { Online = false, Since = now },
        };
        Change(WithEvent(next, TwinEventKinds.Offline, () => TwinEvents.Connection(next.Revision, next.Connection)));
    }

    /// <summary>The connection with the device seen now.</summary>
    private static TwinConnection Seen(TwinConnection known, MessageSource source, DateTimeOffset now) => source.Address.Link == LinkNames.Http
        ? known
        : known with
        {
            Online = true,
            Since = known.Online ? known.Since : now,
            LastSeen = now,
            // Of two that are equal the one that is kept already, or is shared.
            Address = source.Address == known.Address ? known.Address : LinkAddresses.Share(source.Address),
            Dialect = source.Dialect == known.Dialect ? known.Dialect : string.Intern(source.Dialect),
        };

    /// <summary>Tells that the device is there where it was not before.</summary>
    private TwinState WithOnline(TwinState before, TwinState next) => next.Connection.Online && !before.Connection.Online
        ? WithEvent(next, TwinEventKinds.Online, () => TwinEvents.Connection(next.Revision, next.Connection))
        : next;
}
