using System.Buffers.Binary;
using System.Text;

namespace Twins.Benchmarks.Load;

/// <summary>
/// A PUBLISH to <c>twins/bench:{device}/reported</c>, encoded once: sending it is a copy, and some digits and the
/// packet identifier written into the copy.
/// </summary>
internal sealed class LoadPacket
{
    private const int DeviceDigits = 7;

    private readonly LoadPayload _payload;
    private readonly byte[] _packet;
    private readonly int _deviceAt;
    private readonly int _idAt;
    private readonly int _payloadAt;

    public LoadPacket(LoadPlan plan)
    {
        _payload = LoadPayload.Of(plan);
        var topic = Encoding.UTF8.GetBytes($"twins/{TwinId(0)}/reported");
        var idBytes = plan.Qos == 0 ? 0 : 2;
        // MQTT 5: no properties.
        var propertyBytes = plan.IsMqtt5 ? 1 : 0;
        var remaining = 2 + topic.Length + idBytes + propertyBytes + _payload.Text.Length;

        using var packet = new MemoryStream();
        packet.WriteByte((byte)(0x30 | (plan.Qos << 1)));
        WriteLength(packet, remaining);
        packet.WriteByte((byte)(topic.Length >> 8));
        packet.WriteByte((byte)topic.Length);
        _deviceAt = (int)packet.Position + "twins/bench:".Length;
        packet.Write(topic);
        _idAt = idBytes == 0 ? -1 : (int)packet.Position;
        packet.Write(stackalloc byte[idBytes + propertyBytes]);
        _payloadAt = (int)packet.Position;
        packet.Write(_payload.Text);
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
        DecimalDigits.Write(target.Slice(_deviceAt, DeviceDigits), (uint)device);
        _payload.Fill(target.Slice(_payloadAt, _payload.Text.Length), device, value);
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
}
