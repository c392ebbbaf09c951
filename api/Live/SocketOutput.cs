using System.Net.WebSockets;

namespace Twins.Api.Live;

/// <summary>The way out of a WebSocket, which takes one frame at a time. Thread-safe.</summary>
/// <param name="socket">The connection.</param>
/// <param name="aborted">The connection ends: what is being sent is not sent any more.</param>
internal sealed class SocketOutput(WebSocket socket, CancellationToken aborted) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Sends messages, one text frame each; returns when the connection has room for more.</summary>
    /// <param name="messages">The messages, one behind the other.</param>
    /// <param name="ends">Where each ends.</param>
    /// <param name="cancellationToken">Gives up waiting for the turn.</param>
    public async Task Send(ReadOnlyMemory<byte> messages, IReadOnlyList<int> ends, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var start = 0;
            foreach (var end in ends)
            {
                // Not with the subscription's token: broken off in the middle, a frame takes the connection with it.
                await socket.SendAsync(messages[start..end], WebSocketMessageType.Text, endOfMessage: true, aborted);
                start = end;
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Says that nothing follows.</summary>
    public async Task Close(WebSocketCloseStatus status, string reason)
    {
        await _turn.WaitAsync(aborted);
        try
        {
            await socket.CloseOutputAsync(status, reason, aborted);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
