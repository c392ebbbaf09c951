using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Pages of other sites, in a real browser on the machine of the platform, change nothing and read nothing.</summary>
public sealed class ForeignPageTests : OwningTest
{
    private readonly string _id = $"foreign:{Guid.NewGuid():N}";
    private Platform _platform = null!;
    private PahoClient _device = null!;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Chromium, Component.Paho);
        _platform = Ours(await Platform.Start(Store.Embedded, broker: false));
        _device = Ours(await PahoClient.Connect(new PahoOptions(_id, _platform.MqttPort(Link.Gateway))));
        await _device.Subscribe($"twins/{_id}/commands/+/+");
        await _device.Publish($"twins/{_id}/reported", "{}");
    }

    /// <summary>Another port of the same host is the same site and another origin; another name of the host is another site.</summary>
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Page_of_another_origin_changes_nothing(string host)
    {
        using var site = new HttpListener();
        var address = new Uri($"http://{host}:{Loopback.FreePort()}/");
        site.Prefixes.Add(address.ToString());
        site.Start();
        var serving = Serve(site);
        await using var page = await BrowserPage.Open(address);
        var twin = new Uri(_platform.Twins.Url, $"/twins/{_id}");

        // Without a preflight: the browser sends it, and the page does not see the answer.
        Assert.Equal("opaque", (string?)await page.Run($"await fetch('{twin}/commands/reboot', {{method:'POST', mode:'no-cors'}}).then(answer => answer.type)"));
        Assert.Equal("opaque", (string?)await page.Run($"await fetch('{twin}/commands/reboot', {{method:'POST', mode:'no-cors', body:'{{}}'}}).then(answer => answer.type)"));

        // With one, or to read: the browser refuses.
        foreach (var request in new[] { "method:'PUT', headers:{'Content-Type':'application/json'}, body:'{}'", "method:'DELETE'", "method:'GET'" })
        {
            Assert.Equal("TypeError", (string?)await page.Run($"await fetch('{twin}', {{{request}}}).then(answer => answer.status, error => error.name)"));
        }

        Assert.Equal("error", (string?)await page.Run($"await new Promise(done => {{ const live = new WebSocket('ws://{twin.Authority}/live'); live.onopen = () => done('open'); live.onerror = () => done('error'); }})"));

        // Commands come in order: the first is not the one of the page.
        (await _platform.Rest.Post($"/twins/{_id}/commands/ping", "{}", ("Prefer", "respond-async"))).Expect(HttpStatusCode.Accepted);
        var first = await _device.Receive(message => message.Topic.StartsWith($"twins/{_id}/commands/", StringComparison.Ordinal), "a command");
        Assert.StartsWith($"twins/{_id}/commands/ping/", first.Topic, StringComparison.Ordinal);
        site.Stop();
        await serving;
    }

    [Fact]
    public async Task Name_that_is_bound_to_this_machine_later_is_refused()
    {
        var address = new Uri($"http://attacker.example:{_platform.Twins.Url.Port}/twins");
        await using var page = await BrowserPage.Open(address, "--host-resolver-rules=MAP attacker.example 127.0.0.1");

        Assert.Contains("host-not-allowed", (string?)await page.Run("document.body.innerText"), StringComparison.Ordinal);
        Assert.Equal(400, (int?)await page.Run($"await fetch('/twins/{_id}/commands/reboot', {{method:'POST'}}).then(answer => answer.status)"));
    }

    private static async Task Serve(HttpListener site)
    {
        while (site.IsListening)
        {
            try
            {
                var context = await site.GetContextAsync();
                context.Response.ContentType = "text/html";
                context.Response.Close("<title>Another site</title>"u8.ToArray(), willBlock: true);
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
