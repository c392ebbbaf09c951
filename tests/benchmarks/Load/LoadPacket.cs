using System.Buffers.Binary;
using System.Text;

namespace Twins.Benchmarks.Load;

/// <summary>
/// A PUBLISH to <c>twins/bench:{device}/reported</c>, encoded once: sending it is a copy, and some digits and the
/// packet identifier written into the copy.
/// </summary>
internal sealed class LoadPacket
{
    /// <summary>Bytes of <see cref="DefaultText"/>.</summary>
    public const int DefaultPayload = 65;

    private const string DefaultText = """{"motor":{"rpm":0000000,"on":true},"temperature":21.5,"load":0.7}""";
    private const string PaddedStart = """{"rpm":0000000,"text":" """;
    private const int Digits = 7;

    // A number in JSON does not begin with 0.
    private const uint FirstValue = 1_000_000;
    private const uint Values = 9_000_000;

    private readonly byte[] _packet;
    private readonly int _deviceAt;
    private readonly int _idAt;
    private readonly int _valueAt;

    public LoadPacket(LoadPlan plan)
    {
        var payload = Payload(plan.PayloadBytes);
        var topic = Encoding.UTF8.GetBytes($"twins/{TwinId(0)}/reported");
        var idBytes = plan.Qos == 0 ? 0 : 2;
        // MQTT 5: no properties.
        var propertyBytes = plan.IsMqtt5 ? 1 : 0;
        var remaining = 2 + topic.Length + idBytes + propertyBytes + payload.Length;

        using var packet = new MemoryStream();
        packet.WriteByte((byte)(0x30 | (plan.Qos << 1)));
        WriteLength(packet, remaining);
        packet.WriteByte((byte)(topic.Length >> 8));
        packet.WriteByte((byte)topic.Length);
        _deviceAt = (int)packet.Position + "twins/bench:".Length;
        packet.Write(topic);
        _idAt = idBytes == 0 ? -1 : (int)packet.Position;
        packet.Write(stackalloc byte[idBytes + propertyBytes]);
        _valueAt = (int)packet.Position + Array.IndexOf(payload, (byte)'0');
        packet.Write(payload);
        _packet = packet.ToArray();
    }

    /// <summary>How long it is.</summary>
    public int Length => _packet.Length;

    /// <summary>The twin of a device.</summary>
    public static string TwinId(int device) => $"bench:{device:D7}";

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> target, int device, ushort id, uint value)
    {
        _packet.CopyTo(target);
        WriteDigits(target.Slice(_deviceAt, Digits), (uint)device);
        WriteDigits(target.Slice(_valueAt, Digits), FirstValue + (value % Values));
        if (_idAt >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[_idAt..], id);
        }
    }

    /// <summary>Writes the length that a packet's fixed header ends with (MQTT 5.0, section 1.5.5).</summary>
    internal static void WriteLength(Stream target, int value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            target.WriteByte((byte)(value | 0x80));
        }

        target.WriteByte((byte)value);
    }

    private static byte[] Payload(int bytes)
    {
        if (bytes == DefaultPayload)
        {
            return Encoding.UTF8.GetBytes(DefaultText);
        }

        var start = PaddedStart.TrimEnd();
        var padding = bytes - start.Length - 2;
        return padding >= 0
            ? Encoding.UTF8.GetBytes($"{start}{new string('x', padding)}\"}}")
            : throw new OptionException($"--payload {bytes} is too short; the shortest has {start.Length + 2} bytes");
    }

    private static void WriteDigits(Span<byte> target, uint value)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            (value, var digit) = Math.DivRem(value, 10);
            target[i] = (byte)('0' + digit);
        }
    }
}
