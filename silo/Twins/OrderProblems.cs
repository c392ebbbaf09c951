using System.Globalization;
using Twins.Contracts;
using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>What a device is told about the order of its messages. The messages are taken, and become no dead letters.</summary>
internal static class OrderProblems
{
    public static Problem Stale(MessageOrder order, long count) => new(409, "stale", string.Create(
        CultureInfo.InvariantCulture,
        $"the message ({Describe(order)}) changed nothing: all in it is older than what the twin has; {Remedy(order)} (stale messages so far: {count})"));

    public static Problem ClockAhead(DateTimeOffset timestamp, DateTimeOffset now, TimeSpan lead) => new(422, "clock-ahead", string.Create(
        CultureInfo.InvariantCulture,
        $"ts is {TwinDocument.Time(timestamp)}, more than {lead} ahead of the platform's clock, {TwinDocument.Time(now)}; the message was ordered by its arrival: set the device's clock"));

    private static string Describe(MessageOrder order) => order.Seq is { } seq
        ? string.Create(CultureInfo.InvariantCulture, $"epoch {order.Epoch}, seq {seq}")
        : order.Timestamp is { } at ? $"ts {TwinDocument.Time(at)}" : "without order";

    private static string Remedy(MessageOrder order) => order.Seq is not null
        ? "send another epoch whenever seq starts again"
        : "set the device's clock";
}
