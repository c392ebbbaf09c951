using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Twins.Benchmarks.Fleet;

/// <summary>One stream of live events, read from its socket: a general client would cost more than the server that is measured.</summary>
internal sealed class Watcher : IDisposable
{
    // An event with a document has some 2 KB.
    private const int BufferBytes = 16 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly bool _hasFilter;
    private int _received;

    private Watcher(bool hasFilter) => _hasFilter = hasFilter;

    /// <summary>Opens a stream; returns when it has begun.</summary>
    /// <param name="filter">Which events; null for all.</param>
    public static async Task<Watcher> Open(int port, string? filter)
    {
        var watcher = new Watcher(filter is not null);
        try
        {
            await watcher._socket.ConnectAsync(IPAddress.Loopback, port);
            var path = filter is null ? "/events" : $"/events?filter={Uri.EscapeDataString(filter)}";
            // HTTP/1.0, so that the answer comes as it is, not in chunks that break an event anywhere.
            await watcher._socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n\r\n"));
            await watcher.Begin();
            return watcher;
        }
        catch
        {
            watcher.Dispose();
            throw;
        }
    }

    /// <summary>Reads on until it is disposed.</summary>
    /// <param name="count">Who counts now, if anybody does.</param>
    public async Task Read(Func<WatchCount?> count)
    {
        while (true)
        {
            Take(count());
            await Receive();
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The header, and the opening of the stream.</summary>
    private async Task Begin()
    {
        int header;
        while ((header = _buffer.AsSpan(0, _received).IndexOf("\r\n\r\n"u8)) < 0
            || EventScanner.EndOfEvent(_buffer.AsSpan((header + 4).._received)) < 0)
        {
            await Receive();
            if (_received >= 12 && !_buffer.AsSpan(8, 4).SequenceEqual(" 200"u8))
            {
                throw new InvalidOperationException($"a stream of events was not opened: {Encoding.UTF8.GetString(_buffer, 0, _received)}");
            }
        }

        Drop(header + 4);
    }

    private void Take(WatchCount? count)
    {
        var taken = 0;
        while (EventScanner.EndOfEvent(_buffer.AsSpan(taken.._received)) is var end && end >= 0)
        {
            if (count is not null)
            {
                Tell(count, _buffer.AsSpan(taken, end));
            }

            taken += end;
        }

        Drop(taken);
    }

    private void Tell(WatchCount count, ReadOnlySpan<byte> received)
    {
        if (!EventScanner.TryReadSent(received, out var sent))
        {
            if (EventScanner.IsReset(received))
            {
                count.Reset();
            }
        }
        else if (_hasFilter)
        {
            count.Filtered(sent);
        }
        else
        {
            var (site, tenths) = EventScanner.ReadMeasured(received);
            count.Any(sent, site, tenths);
        }
    }

    private async ValueTask Receive()
    {
        if (_received == _buffer.Length)
        {
            throw new InvalidOperationException($"an event has more than {BufferBytes} bytes");
        }

        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_received));
        _received += read > 0 ? read : throw new InvalidOperationException("the server has closed a stream of events");
    }

    private void Drop(int bytes)
    {
        _buffer.AsSpan(bytes.._received).CopyTo(_buffer);
        _received -= bytes;
    }
}
