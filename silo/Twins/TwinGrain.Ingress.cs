using Twins.Contracts.Events;
using Twins.Contracts.Json;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;

namespace Twins.Silo.Twins;

/// <summary>What the device says.</summary>
internal sealed partial class TwinGrain
{
    /// <summary>Deleted properties that are remembered so that a late message does not bring them back.</summary>
    private const int MaxTombstones = 256;

    public async Task<MessageOutcome[]> Apply(DeviceMessage[] messages, long call)
    {
        ThrowIfFailed();
        var outcomes = new MessageOutcome[messages.Length];
        for (var i = 0; i < messages.Length; i++)
        {
            outcomes[i] = FencedBy(messages[i].Source, call) is { } token ? MessageOutcome.Fenced(token) : TakeOrReject(messages[i]);
        }

        // A duplicate changes nothing, but what it repeats may still be on its way to the store.
        await Persist();
        for (var i = 0; i < messages.Length; i++)
        {
            var message = messages[i];
            if (message is { Kind: DeviceMessageKind.Get, Retained: false } && _durable.Exists && outcomes[i].Kind == MessageOutcomeKind.Applied)
            {
                await Try(() => SendDocument(message));
            }
        }

        Pump();
        return outcomes;
    }

    private static bool MakesTwin(DeviceMessage message) =>
        message.Kind is DeviceMessageKind.Reported or DeviceMessageKind.ReportedProperty or DeviceMessageKind.Online;

    /// <summary>Poison never blocks: what nobody has foreseen becomes a dead letter too. The state is as before.</summary>
    private MessageOutcome TakeOrReject(DeviceMessage message)
    {
        try
        {
            return Take(message);
        }
        catch (Exception exception)
        {
            MessageFailed(services.Logger, exception, Id, message.Kind);
            return MessageOutcome.Rejected(TwinProblems.Unforeseen());
        }
    }

    private MessageOutcome Take(DeviceMessage message)
    {
        if (State.IsDamaged)
        {
            return MessageOutcome.Rejected(TwinProblems.Damaged(Id));
        }

        if (message.Retained && RetainedMessages.Ignores(State, message))
        {
            return MessageOutcome.Stale;
        }

        if (!State.Exists && (Options.Devices.Provisioning == DeviceProvisioning.Strict || !MakesTwin(message)))
        {
            return message.Kind switch
            {
                DeviceMessageKind.Offline => MessageOutcome.Stale,
                _ when Options.Devices.Provisioning == DeviceProvisioning.Strict => MessageOutcome.Rejected(TwinProblems.UnknownDevice(Id)),
                _ => MessageOutcome.Rejected(TwinProblems.NoSuchTwin(Id)),
            };
        }

        switch (message.Kind)
        {
            case DeviceMessageKind.Reported:
                return Report(message, message.Body);
            case DeviceMessageKind.ReportedProperty:
                return Report(message, ForProperty(message));
            case DeviceMessageKind.DesiredRejected:
                return RejectDesired(message);
            case DeviceMessageKind.CommandResponse:
                NoteSeen(message);
                return Answer(message);
            case DeviceMessageKind.Online:
                Appear(message.Source);
                return MessageOutcome.Applied;
            case DeviceMessageKind.Offline:
                Disappear();
                return MessageOutcome.Applied;
            case DeviceMessageKind.Get:
            default:
                NoteSeen(message);
                return MessageOutcome.Applied;
        }
    }

    /// <summary>The topic names one property and the payload is its value: what it held before goes.</summary>
    private byte[] ForProperty(DeviceMessage message)
    {
        var value = message.Body;
        if (PropertyPath.TryGet(State.Reported, message.Path, out var existing))
        {
            value = MergeDiff.Replacing(existing.Span, value);
        }

        return PropertyPath.Wrap(message.Path, value);
    }

    private MessageOutcome Report(DeviceMessage message, byte[] patch)
    {
        if (message.Retained && State.Reported.Length > EmptySection.Bytes.Length)
        {
            // The broker's copy is from some time before now, and what the twin knows is newer or the same.
            return MessageOutcome.Stale;
        }

        var now = Now;
        var (stamp, epochs) = StampOf(message.Order, now);
        var accepted = Stamps.Accept(State.ReportedStamps, patch, stamp);
        if (accepted.IsStale)
        {
            return TakeStale(message, patch, stamp);
        }

        var reported = MergePatch.Apply(State.Reported, accepted.Patch);
        if (reported.Length > Options.Limits.ReportedBytes)
        {
            return MessageOutcome.Rejected(TwinProblems.TooLarge("reported", reported.Length, Options.Limits.ReportedBytes));
        }

        var before = State;
        var revision = before.Revision + 1;
        var next = before with
        {
            Exists = true,
            Revision = revision,
            Reported = reported,
            ReportedStamps = message.Order is null ? accepted.Stamps : Stamps.Prune(accepted.Stamps, reported, MaxTombstones),
            Epochs = epochs,
            CreatedAt = before.Exists ? before.CreatedAt : now,
            ModifiedAt = now,
            // What a broker has kept says nothing about where the device is now.
            Connection = message.FromWill || message.Retained ? before.Connection : Seen(before.Connection, message.Source, now),
        };
        next = before.Exists
            ? WithEvent(next, TwinEventKinds.Changed, () => TwinEvents.Changed(revision, [("reported", accepted.Patch)]))
            : WithEvent(next, TwinEventKinds.Created, () => TwinDocument.ForApplications(Id, next));
        Change(WithDelta(before, WithOnline(before, next)));
        return IsAhead(message.Order, now) ? AppliedAhead(message.Order!, now) : MessageOutcome.Applied;
    }

    private (Stamp Stamp, EpochHistory Epochs) StampOf(MessageOrder? order, DateTimeOffset now)
    {
        if (order?.Seq is { } seq)
        {
            var (epochs, ordinal, place) = State.Epochs.Resolve(order.Epoch, seq, (ulong)Options.Devices.SequenceModulus);
            return (Stamp.Sequenced(now, ordinal, place), epochs);
        }

        // A time too far ahead would make all that the device sends stale, after its clock was corrected, until it is over.
        return (order?.Timestamp is { } at && !IsAhead(order, now) ? Stamp.Timed(now, at) : Stamp.Arrival(now), State.Epochs);
    }

    private bool IsAhead(MessageOrder? order, DateTimeOffset now) => order?.Timestamp - now > Options.Devices.ClockLead;

    /// <summary>The device asks again if it does not get it: there is nothing to keep.</summary>
    private async Task<bool> SendDocument(DeviceMessage request)
    {
        await Egress.Send(new OutgoingMessage
        {
            TwinId = Id,
            Kind = OutgoingMessageKind.Document,
            Address = request.Source.Address,
            Dialect = request.Source.Dialect,
            Body = TwinDocument.ForDevice(Id, _durable),
            ResponseTopic = request.ResponseTopic,
            CorrelationData = request.CorrelationData,
            Connection = request.Source.ClientId,
        });
        return false;
    }

    [LoggerMessage(LogEvents.TwinMessageFailed, LogLevel.Error, "A {Kind} message of twin {TwinId} could not be applied, for a reason that is a fault of the platform.")]
    private static partial void MessageFailed(ILogger logger, Exception exception, string twinId, DeviceMessageKind kind);
}
