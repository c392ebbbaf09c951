using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Twins.Tests.Harness;

/// <summary>
/// A device that does not give up, over a bare socket in MQTT 3.1.1: it counts, publishes with QoS 1 up to a window
/// ahead of its acknowledgements, and where its connection ends it connects again and repeats, as the protocol wants,
/// what was not acknowledged. Each message says with <c>$epoch</c> and <c>$seq</c> where it stands.
/// </summary>
internal sealed class LoadDevice : IAsyncDisposable
{
    private const int PubAckBytes = 4;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly Queue<int> _unacknowledged = new();
    private readonly int _window;
    private readonly int _port;
    private readonly LedgerPage _page;
    private readonly Gate _connecting;
    private readonly Gate _sending;
    private readonly string _padding;
    private readonly Task _running;
    private volatile bool _finishing;
    private int _next;

    public LoadDevice(LedgerPage page, int port, int window, int padding, Gate connecting, Gate sending)
    {
        _page = page;
        _port = port;
        _connecting = connecting;
        _sending = sending;
        _window = window;
        _padding = padding == 0 ? "" : $",\"padding\":\"{new string('x', padding)}\"";
        _running = Task.Run(Run);
    }

    public LedgerPage Page => _page;

    /// <summary>All that was sent is acknowledged.</summary>
    public bool Idle
    {
        get
        {
            lock (_unacknowledged)
            {
                return _unacknowledged.Count == 0;
            }
        }
    }

    /// <summary>Throws what has ended it before its time.</summary>
    public void ThrowIfFailed()
    {
        if (_running.IsFaulted)
        {
            _running.GetAwaiter().GetResult();
        }
    }

    /// <summary>Nothing new is sent from now on.</summary>
    public void Finish() => _finishing = true;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task Run()
    {
        using var timer = new PeriodicTimer(s_pause);
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _connecting.Opened(_end.Token);
                using var tcp = new TcpClient { NoDelay = true };
                await tcp.ConnectAsync(IPAddress.Loopback, _port, _end.Token);
                await Talk(tcp.GetStream());
            }
            catch (Exception exception) when (exception is IOException or SocketException)
            {
                // The other side is gone: as long as it takes.
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>One connection, until it ends.</summary>
    private async Task Talk(NetworkStream stream)
    {
        var id = Text(_page.Id);
        // 4 is the level of MQTT 3.1.1, the flag 2 a clean session, then no keep-alive.
        await stream.WriteAsync(Packet(0x10, [.. Text("MQTT"), 4, 2, 0, 0, .. id]), _end.Token);
        var accepted = new byte[4];
        await stream.ReadExactlyAsync(accepted, _end.Token);
        Assert.Equal([0x20, 2, 0, 0], accepted);

        using var connection = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        using var window = new SemaphoreSlim(_window);
        var directions = new[] { Read(stream, window, connection.Token), Write(stream, window, connection.Token) };
        var ended = await Task.WhenAny(directions);
        await connection.CancelAsync();
        await Task.WhenAll(directions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ended;
    }

    private async Task Write(NetworkStream stream, SemaphoreSlim window, CancellationToken cancellationToken)
    {
        int[] again;
        lock (_unacknowledged)
        {
            again = [.. _unacknowledged];
        }

        foreach (var i in again)
        {
            await window.WaitAsync(cancellationToken);
            await stream.WriteAsync(Publish(i, duplicate: true), cancellationToken);
        }

        while (true)
        {
            await window.WaitAsync(cancellationToken);
            await _sending.Opened(cancellationToken);
            if (_finishing)
            {
                // What is left is to read acknowledgements.
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            var i = _next++;
            _page.Sent(i);
            lock (_unacknowledged)
            {
                _unacknowledged.Enqueue(i);
            }

            await stream.WriteAsync(Publish(i, duplicate: false), cancellationToken);
        }
    }

    private async Task Read(NetworkStream stream, SemaphoreSlim window, CancellationToken cancellationToken)
    {
        var buffer = new byte[PubAckBytes * 256];
        for (var have = 0; ;)
        {
            have += await stream.ReadAtLeastAsync(buffer.AsMemory(have), PubAckBytes - have, cancellationToken: cancellationToken);
            var at = 0;
            for (; have - at >= PubAckBytes; at += PubAckBytes)
            {
                Acknowledged(buffer.AsSpan(at, PubAckBytes));
                window.Release();
            }

            buffer.AsSpan(at, have - at).CopyTo(buffer);
            have -= at;
        }
    }

    private void Acknowledged(ReadOnlySpan<byte> packet)
    {
        lock (_unacknowledged)
        {
            // PUBACKs come in the order of the publishes (MQTT-4.6.0-2).
            Assert.Equal((0x40, 2), (packet[0], packet[1]));
            Assert.Equal(PacketId(_unacknowledged.Peek()), BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
            _page.Acknowledge(_unacknowledged.Dequeue());
        }
    }

    private byte[] Publish(int i, bool duplicate)
    {
        var id = PacketId(i);
        var payload = Encoding.UTF8.GetBytes($"{{\"{_page.Property(i)}\":{i},\"$epoch\":1,\"$seq\":{i + 1}{_padding}}}");
        return Packet((byte)(duplicate ? 0x3A : 0x32), [.. Text($"twins/{_page.Id}/reported"), (byte)(id >> 8), (byte)id, .. payload]);
    }

    private static ushort PacketId(int i) => (ushort)((i % ushort.MaxValue) + 1);

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [(byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private static byte[] Packet(byte header, byte[] body)
    {
        var length = new List<byte>();
        for (var rest = body.Length; length.Count == 0 || rest > 0; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
        }

        return [header, .. length, .. body];
    }
}
