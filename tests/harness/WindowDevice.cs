using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Twins.Tests.Harness;

/// <summary>An MQTT 3.1.1 client that publishes without waiting, and notes each answer of the server as it comes.</summary>
public sealed class WindowDevice : IAsyncDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly List<int> _acknowledged = [];
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private int _pongs;
    private int _next;

    /// <summary>Gets the packet identifiers that were acknowledged, in the order of their PUBACKs.</summary>
    public int[] Acknowledged
    {
        get
        {
            lock (_acknowledged)
            {
                return [.. _acknowledged];
            }
        }
    }

    /// <summary>Gets how many QoS 1 publishes were sent.</summary>
    public int Sent => _next;

    /// <summary>Gets how many pings were answered.</summary>
    public int Pongs => Volatile.Read(ref _pongs);

    /// <summary>Gets whether the server has closed the connection.</summary>
    public bool IsClosed => _reading.IsCompleted;

    /// <summary>Connects; returns when the server has accepted.</summary>
    public static async Task<WindowDevice> ConnectAsync(int port, string clientId, ushort keepAliveSeconds)
    {
        var device = new WindowDevice();
        await device._tcp.ConnectAsync(IPAddress.Loopback, port);
        var keepAlive = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(keepAlive, keepAliveSeconds);
        device._reading = device.ReadAsync();
        // 4 is the level of MQTT 3.1.1, the flag 2 a clean session.
        await device.SendAsync(0x10, [.. Text("MQTT"), 4, 2, .. keepAlive, .. Text(clientId)]);
        await device._connected.Task.WaitAsync(Eventually.Deadline);
        return device;
    }

    /// <summary>Publishes with QoS 1; returns the packet identifier when it is on its way.</summary>
    public async Task<int> PublishAsync(string topic, string payload)
    {
        var id = ++_next;
        await SendAsync(0x32, [.. Text(topic), (byte)(id >> 8), (byte)id, .. Encoding.UTF8.GetBytes(payload)]);
        return id;
    }

    /// <summary>Publishes with QoS 0.</summary>
    public Task PublishUnacknowledgedAsync(string topic, string payload) => SendAsync(0x30, [.. Text(topic), .. Encoding.UTF8.GetBytes(payload)]);

    /// <summary>Sends PINGREQ; returns when it is answered.</summary>
    public async Task PingAsync()
    {
        var before = Pongs;
        await SendAsync(0xC0, []);
        await Eventually.Is(() => Pongs > before, "PINGRESP");
    }

    /// <summary>Returns when everything was acknowledged, and checks that it was in order.</summary>
    public async Task AllAcknowledgedAsync(TimeSpan? deadline = null)
    {
        await Eventually.Is(() => Acknowledged.Length == Sent, $"{Sent} acknowledgements", deadline);
        Assert.Equal(Enumerable.Range(1, Sent), Acknowledged);
    }

    public async ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        await _reading;
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private async Task SendAsync(byte header, byte[] body)
    {
        var length = new List<byte>();
        for (var rest = body.Length; length.Count == 0 || rest > 0; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
        }

        await _tcp.GetStream().WriteAsync((byte[])[header, .. length, .. body]);
    }

    private async Task ReadAsync()
    {
        // All packets that it gets are two bytes and two more at most.
        var packet = new byte[2];
        try
        {
            var stream = _tcp.GetStream();
            while (true)
            {
                await stream.ReadExactlyAsync(packet);
                var body = new byte[packet[1]];
                await stream.ReadExactlyAsync(body);
                switch (packet[0] & 0xF0)
                {
                    case 0x20:
                        Assert.Equal(0, body[1]);
                        _connected.TrySetResult();
                        break;
                    case 0x40:
                        lock (_acknowledged)
                        {
                            _acknowledged.Add(BinaryPrimitives.ReadUInt16BigEndian(body));
                        }

                        break;
                    case 0xD0:
                        Interlocked.Increment(ref _pongs);
                        break;
                    default:
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            _connected.TrySetException(exception);
        }
    }
}
