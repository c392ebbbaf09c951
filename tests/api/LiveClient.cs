using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Twins.Api.Tests;

/// <summary>A client of <c>/live</c>.</summary>
internal sealed class LiveClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();

    public WebSocketState State => _socket.State;

    /// <summary>Why the server has closed; null while it has not.</summary>
    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    /// <param name="server">Where the connection goes.</param>
    /// <param name="origin">Of which page; null for none.</param>
    /// <param name="host">What the request says that it goes to; null for the truth.</param>
    public static async Task<LiveClient> Open(Uri server, string? origin = null, string? host = null)
    {
        var client = new LiveClient();
        if (host is not null)
        {
            client._socket.Options.SetRequestHeader("Host", host);
        }

        if (origin is not null)
        {
            client._socket.Options.SetRequestHeader("Origin", origin);
        }

        client._socket.Options.CollectHttpResponseDetails = true;
        await client._socket.ConnectAsync(new Uri($"ws://{server.Authority}/live"), TestContext.Current.CancellationToken);
        return client;
    }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task Send(byte[] bytes, WebSocketMessageType type) =>
        _socket.SendAsync(bytes, type, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>The next message; null where the server has closed.</summary>
    public async Task<JsonNode?> Next()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, deadline.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray());
            }
        }
    }

    /// <summary>The next message is this one.</summary>
    public async Task<JsonNode> Receive(string? subscription, string name)
    {
        var next = (await Next())!;
        Assert.Equal((subscription, name), ((string?)next["subscription"], (string?)next["event"]));
        return next;
    }

    public Task Close() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);

    public void Dispose() => _socket.Dispose();
}
