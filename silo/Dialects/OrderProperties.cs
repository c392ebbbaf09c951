using System.Globalization;
using Twins.Contracts;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;

namespace Twins.Silo.Dialects;

/// <summary>Where a message stands in its device's order, from the MQTT 5 user properties <c>epoch</c>, <c>seq</c>, <c>ts</c>.</summary>
internal static class OrderProperties
{
    public static bool TryRead(IReadOnlyList<KeyValuePair<string, string>> properties, out MessageOrder? order, out Problem? problem)
    {
        string? epoch = null, seq = null, timestamp = null;
        foreach (var (name, value) in properties)
        {
            switch (name)
            {
                case NativeTopics.EpochProperty:
                    epoch = value;
                    break;
                case NativeTopics.SeqProperty:
                    seq = value;
                    break;
                case NativeTopics.TimestampProperty:
                    timestamp = value;
                    break;
                default:
                    break;
            }
        }

        return TryRead(epoch, seq, timestamp, out order, out problem);
    }

    /// <summary>Reads the three texts; null where the device sends none.</summary>
    public static bool TryRead(string? epoch, string? seq, string? timestamp, out MessageOrder? order, out Problem? problem)
    {
        order = null;
        problem = null;
        ulong epochNumber = 0, seqNumber = 0;
        if (epoch is not null && !ulong.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out epochNumber))
        {
            problem = Invalid("epoch", epoch, "it must be an unsigned 64-bit number");
            return false;
        }

        if (seq is not null && !ulong.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out seqNumber))
        {
            problem = Invalid("seq", seq, "it must be an unsigned 64-bit number");
            return false;
        }

        DateTimeOffset at = default;
        if (timestamp is not null && !DeviceTime.TryParse(timestamp, out at, out var hint))
        {
            problem = Invalid("ts", timestamp, hint!);
            return false;
        }

        if (seq is not null || timestamp is not null)
        {
            order = new MessageOrder(epochNumber, seq is null ? null : seqNumber, timestamp is null ? null : at);
        }

        return true;
    }

    private static Problem Invalid(string name, string value, string right) =>
        new(400, "order-invalid", $"{name} is \"{(value.Length > 64 ? value[..64] : value)}\"; {right}");
}
