using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Twins.Benchmarks.Rest;

/// <summary>A connection of HTTP/1.1 that sends the same request again and again; it costs much less than the server.</summary>
internal sealed class ReadConnection(ReadPlan plan) : IDisposable
{
    private static readonly byte[] s_endOfHeaders = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request = Encoding.ASCII.GetBytes($"GET /twins/{plan.Id} HTTP/1.1\r\nHost: 127.0.0.1:{plan.Port}\r\n\r\n");
    private readonly byte[] _buffer = new byte[64 * 1024];

    public async Task Open() => await _socket.ConnectAsync(IPAddress.Loopback, plan.Port);

    /// <summary>Sends the request, and returns when the whole answer is there.</summary>
    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public async Task Read()
    {
        await _socket.SendAsync(_request);
        var (received, length) = (0, int.MaxValue);
        while (received < length)
        {
            var more = await _socket.ReceiveAsync(_buffer.AsMemory(received));
            received += more > 0 ? more : throw new InvalidOperationException("the server has closed the connection");
            if (length == int.MaxValue && _buffer.AsSpan(0, received).IndexOf(s_endOfHeaders) is >= 0 and var end)
            {
                length = end + s_endOfHeaders.Length + LengthOf(_buffer.AsSpan(0, end));
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int LengthOf(ReadOnlySpan<byte> headers)
    {
        var name = "Content-Length: "u8;
        var at = headers.IndexOf(name);
        return headers.StartsWith("HTTP/1.1 200 "u8) && at >= 0 && Utf8Parser.TryParse(headers[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidOperationException($"the server answered:\n{Encoding.ASCII.GetString(headers)}");
    }
}
