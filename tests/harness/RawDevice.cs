using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Twins.Tests.Harness;

/// <summary>An MQTT 3.1.1 client that says only what it is told to: no pings, no manners.</summary>
public sealed partial class RawDevice(int port) : IDisposable
{
    private readonly TcpClient _tcp = new();
    private NetworkStream? _stream;

    /// <summary>Connects with a clean session; returns when it is accepted.</summary>
    public async Task Connect(string clientId, ushort keepAliveSeconds)
    {
        await _tcp.ConnectAsync(IPAddress.Loopback, port);
        var keepAlive = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(keepAlive, keepAliveSeconds);
        // 4 is the level of MQTT 3.1.1, the flag 2 a clean session.
        await Send(0x10, [.. Text("MQTT"), 4, 2, .. keepAlive, .. Text(clientId)]);
        await Expect([0x20, 2, 0, 0]);
    }

    /// <summary>Publishes with QoS 1; returns when it is acknowledged.</summary>
    public async Task Publish(string topic, string payload)
    {
        await Send(0x32, [.. Text(topic), 0, 1, .. Encoding.UTF8.GetBytes(payload)]);
        await Expect([0x40, 2, 0, 1]);
    }

    /// <summary>The connection, also after a write has failed: what the server sent before can still be read.</summary>
    private NetworkStream Stream => _stream ??= _tcp.GetStream();

    public void Dispose() => _tcp.Dispose();

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private async Task Send(byte header, byte[] body)
    {
        var length = new List<byte>();
        for (var rest = body.Length; length.Count == 0 || rest > 0; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
        }

        await Stream.WriteAsync((byte[])[header, .. length, .. body]);
    }

    private async Task Expect(byte[] packet)
    {
        using var cancellation = new CancellationTokenSource(Eventually.Deadline);
        var received = new byte[packet.Length];
        await Stream.ReadExactlyAsync(received, cancellation.Token);
        Assert.Equal(packet, received);
    }
}
