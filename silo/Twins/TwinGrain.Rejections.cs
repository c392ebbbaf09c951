using Twins.Contracts.Events;
using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>Desired properties that the device refuses.</summary>
internal sealed partial class TwinGrain
{
    private MessageOutcome RejectDesired(DeviceMessage message)
    {
        if (message.Revision < State.DesiredRevision)
        {
            // An application has written since: the device gets that, and says again what it does not want.
            return MessageOutcome.Stale;
        }

        var rejections = DesiredRejections.Add(State.Rejections, message.Body, State.Desired, Now, message.Revision);
        if (rejections == State.Rejections)
        {
            return MessageOutcome.Stale;
        }

        var before = State;
        var next = before with
        {
            Revision = before.Revision + 1,
            Rejections = rejections,
            ModifiedAt = Now,
            Connection = Seen(before.Connection, message.Source, Now),
        };
        next = WithEvent(next, TwinEventKinds.Changed, () => TwinEvents.Changed(next.Revision, [("metadata", DesiredRejections.Patch(before.Rejections, rejections))]));
        Change(WithDelta(before, WithOnline(before, next)));
        return MessageOutcome.Applied;
    }
}
