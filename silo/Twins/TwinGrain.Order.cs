using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>What the device learns about the order of its messages.</summary>
internal sealed partial class TwinGrain
{
    /// <summary>Null until the device is told something: few ever are.</summary>
    private DeviceNotices? _notices;

    private DeviceNotices Notices => _notices ??= new DeviceNotices(services.Time);

    /// <summary>Counts a report of which nothing is new. The count goes along with the next write, and with each problem that the device is told.</summary>
    private MessageOutcome TakeStale(DeviceMessage message, byte[] patch, in Stamp stamp)
    {
        NoteSeen(message);
        if (message.Order is not { } order || Stamps.IsRepetition(State.ReportedStamps, State.Reported, patch, stamp))
        {
            return MessageOutcome.Stale;
        }

        var counted = State with { Connection = State.Connection with { Stale = State.Connection.Stale + 1 } };
        if (!Notices.TryTakeStale())
        {
            Tidy(counted);
            return MessageOutcome.Stale;
        }

        // A twin that gets stale messages only has no other write.
        Change(counted);
        return MessageOutcome.Stale with { Notice = OrderProblems.Stale(order, counted.Connection.Stale) };
    }

    private MessageOutcome AppliedAhead(MessageOrder order, DateTimeOffset now) => Notices.TryTakeClockAhead()
        ? MessageOutcome.Applied with { Notice = OrderProblems.ClockAhead(order.Timestamp!.Value, now, Options.Devices.ClockLead) }
        : MessageOutcome.Applied;
}
