using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Twins.Tests.Harness;

/// <summary>The same in MQTT 5, publishing without a pause until it is told that the server goes.</summary>
public sealed partial class RawDevice
{
    /// <summary>Messages under way: less than a gateway takes by default, so that all have been read.</summary>
    private const int Ahead = 100;

    private int _acknowledged;
    private int _sent;

    /// <summary>How many messages of the stream were acknowledged: all up to this one, for they are in order (MQTT-4.6.0-2).</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>How many were sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Connects in MQTT 5 with a clean session; returns when it is accepted.</summary>
    public async Task Connect5(string clientId)
    {
        await _tcp.ConnectAsync(IPAddress.Loopback, port);
        // 5 is the level, the flag 2 a clean start; then no keep-alive and no properties.
        await Send(0x10, [.. Text("MQTT"), 5, 2, 0, 0, 0, .. Text(clientId)]);
        var (header, body) = await Receive();
        Assert.Equal((0x20, 0), (header, body[1]));
    }

    /// <summary>Publishes <c>{"count": n}</c> for n = 1, 2, … with QoS 1; returns the reason of the server's DISCONNECT.</summary>
    /// <exception cref="EndOfStreamException">The connection ended without one.</exception>
    public async Task<byte> PublishUntilDisconnected(string topic)
    {
        using var ahead = new SemaphoreSlim(Ahead);
        using var ended = new CancellationTokenSource();
        var publishing = Publish(topic, ahead, ended.Token);
        try
        {
            while (true)
            {
                var (header, body) = await Receive();
                switch (header & 0xF0)
                {
                    case 0x40:
                        Assert.Equal(_acknowledged + 1, BinaryPrimitives.ReadUInt16BigEndian(body));
                        Interlocked.Increment(ref _acknowledged);
                        ahead.Release();
                        break;
                    case 0xE0:
                        return body.Length == 0 ? (byte)0 : body[0];
                    default:
                        break;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await publishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Publish(string topic, SemaphoreSlim ahead, CancellationToken cancellationToken)
    {
        for (var count = 1; count <= ushort.MaxValue; count++)
        {
            await ahead.WaitAsync(cancellationToken);
            Volatile.Write(ref _sent, count);
            await Send(0x32, [.. Text(topic), (byte)(count >> 8), (byte)count, 0, .. Encoding.UTF8.GetBytes($"{{\"count\":{count}}}")]);
        }
    }

    private async Task<(byte Header, byte[] Body)> Receive()
    {
        using var cancellation = new CancellationTokenSource(Eventually.Deadline);
        var one = new byte[1];
        await Stream.ReadExactlyAsync(one, cancellation.Token);
        var header = one[0];
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            await Stream.ReadExactlyAsync(one, cancellation.Token);
            length |= (one[0] & 0x7F) << shift;
            if (one[0] < 0x80)
            {
                break;
            }
        }

        var body = new byte[length];
        await Stream.ReadExactlyAsync(body, cancellation.Token);
        return (header, body);
    }
}
