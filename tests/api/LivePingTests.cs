using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Twins.Api.Tests;

public sealed class LivePingTests
{
    private const byte FinalPing = 0x89;

    [Fact]
    public async Task Who_does_not_answer_a_ping_is_cut_off_and_who_does_is_not()
    {
        using var api = new ApiFixture(TimeProvider.System, builder => builder.ConfigureTestServices(services => services.Configure<WebSocketOptions>(sockets =>
        {
            sockets.KeepAliveInterval = TimeSpan.FromMilliseconds(50);
            sockets.KeepAliveTimeout = TimeSpan.FromSeconds(2);
        })));
        using var answers = await LiveClient.Open(api.Address);
        var next = answers.Next();
        using var silent = new TcpClient();
        await silent.ConnectAsync(api.Address.Host, api.Address.Port, TestContext.Current.CancellationToken);
        var stream = silent.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET /live HTTP/1.1\r\nHost: {api.Address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"),
            TestContext.Current.CancellationToken);

        var told = await ReadToEnd(stream);

        var head = told.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString(told, 0, head), StringComparison.Ordinal);
        Assert.Equal(FinalPing, told[head]);
        await answers.Send("""{"subscribe":"e","to":"events"}""");
        Assert.Equal("subscribed", (string?)(await next)!["event"]);
    }

    [Fact]
    public void Pings_are_15_s_apart()
    {
        using var api = new ApiFixture();

        var sockets = api.Services.GetRequiredService<IOptions<WebSocketOptions>>().Value;

        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15)), (sockets.KeepAliveInterval, sockets.KeepAliveTimeout));
    }

    /// <summary>All that comes until the connection ends, in whichever way.</summary>
    private static async Task<byte[]> ReadToEnd(NetworkStream stream)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, deadline.Token);
        }
        catch (IOException)
        {
            // Reset rather than closed.
        }

        return all.ToArray();
    }
}
