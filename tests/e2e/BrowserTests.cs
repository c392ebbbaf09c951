using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>What people use in a browser, in a real one: the Swagger page, and the scripts of docs/live.md as they stand there.</summary>
public sealed class BrowserTests : OwningTest
{
    private readonly string _site = $"site-{Guid.NewGuid():N}";
    private Platform _platform = null!;
    private BrowserPage _page = null!;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Chromium);
        _platform = Ours(await Platform.Start(Store.Embedded, broker: false));
        _page = Ours(await BrowserPage.Open(new Uri(_platform.Twins.Url, "/swagger/index.html")));
    }

    [Fact]
    public async Task The_swagger_page_shows_every_operation()
    {
        var paths = (await _platform.Rest.Get("/swagger/v1/swagger.json")).Expect(HttpStatusCode.OK)!["paths"]!.AsObject();
        var operations = paths.Sum(path => path.Value!.AsObject().Count);

        await Eventually.Passes(async () => Assert.Equal(operations, (int?)await _page.Run("document.querySelectorAll('.opblock').length")));
        Assert.Equal(0, (int?)await _page.Run("document.querySelectorAll('.errors').length"));
    }

    [Theory]
    [InlineData("WatchQuery")]
    [InlineData("WatchTwins")]
    public async Task The_swagger_page_shows_the_start_of_a_stream(string operation)
    {
        var block = $"[id$=\"-{operation}\"]";
        await Eventually.Is(async () => (bool?)await _page.Run($"!!document.querySelector('{block} .opblock-summary-control')") == true, $"{operation} to be shown");
        await _page.Run($"document.querySelector('{block} .opblock-summary-control').click()");
        // Before its example is filled in, a click does nothing.
        await Eventually.Is(async () => (bool?)await _page.Run($"!!document.querySelector('{block} .parameters input')?.value && !!document.querySelector('{block} .execute')") == true, "the example to be filled in");
        await _page.Run($"document.querySelector('{block} .execute').click()");

        // It matches the filter that is the example, and changes now and then as long as the answer is awaited.
        await Put("there", "rotterdam");
        var looks = 0;
        await Eventually.Is(
            async () =>
            {
                if (++looks % 10 == 0)
                {
                    (await _platform.Rest.Put("/twins/there/reported", $$$"""{"motor":{"rpm":{{{1450 + looks}}}}}""")).Expect(HttpStatusCode.OK);
                }

                var shown = (string?)await _page.Run($"document.querySelector('{block} .live-responses-table')?.textContent");
                return shown?.Contains("\"there\"", StringComparison.Ordinal) == true;
            },
            "the answer to be shown");
    }

    [Fact]
    public async Task The_watch_of_the_documentation_keeps_its_table()
    {
        await Put("there", _site);
        await _page.Run(Script(1, "stale(reported/temperature,\"10m\")", $"eq(tags/site,\"{_site}\")"));
        await HasInTable("there");

        await Put("comes", _site);
        await Put("there", "elsewhere");
        await HasInTable("comes");
        (await _platform.Rest.Delete("/twins/comes")).Expect(HttpStatusCode.NoContent);
        await HasInTable();
    }

    [Fact]
    public async Task The_socket_of_the_documentation_carries_both_subscriptions()
    {
        await _page.Run(Script(2, "gt(reported/temperature,80)", "exists(tags/site)") + "\nconst heard = []; live.addEventListener('message', m => heard.push(m.data));");
        await Heard("alarms", "ready");
        await Heard("log", "subscribed");
        await Put("made", _site);
        Assert.Equal("made", (string?)(await Heard("alarms", "entered"))["data"]!["id"]);

        await using var device = await PahoClient.Connect(new PahoOptions("made", _platform.MqttPort(Link.Gateway)));
        await device.Subscribe("twins/made/desired");
        Assert.Equal("made", (string?)(await Heard("log", "online"))["data"]!["subject"]);
    }

    /// <summary>A script of docs/live.md, with another filter.</summary>
    private static string Script(int number, string filter, string instead)
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "docs", "live.md")).Split("```js\n")[number].Split("```")[0];
        Assert.Contains(filter, script, StringComparison.Ordinal);
        return script.Replace(filter, instead, StringComparison.Ordinal);
    }

    private async Task Put(string id, string site) =>
        Assert.InRange((int)(await _platform.Rest.Put($"/twins/{id}", $$"""{"tags":{"site":"{{site}}"} }""")).Status, 200, 201);

    private Task HasInTable(params string[] ids) => Eventually.Passes(
        async () => Assert.Equal(ids, (await _page.Run("[...table.keys()]"))!.AsArray().Select(id => (string)id!)));

    private async Task<JsonNode> Heard(string subscription, string kind)
    {
        JsonNode? found = null;
        await Eventually.Is(
            async () => (found = (await _page.Run("heard"))!.AsArray().Select(message => JsonNode.Parse((string)message!)!)
                .FirstOrDefault(message => (string?)message["subscription"] == subscription && (string?)message["event"] == kind)) is not null,
            $"{kind} of {subscription}");
        return found!;
    }
}
