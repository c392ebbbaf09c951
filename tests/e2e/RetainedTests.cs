using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Messages that a broker retains: devices', which are old, and the platform's, which it clears.</summary>
public sealed class RetainedTests : IAsyncLifetime
{
    private Platform _platform = null!;

    public async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho, Component.Mosquitto, Component.MosquittoPub);
        _platform = await Platform.Start(Store.Embedded, broker: true);
        await LinkConnected(times: 1);
    }

    [Fact]
    public async Task Retained_reports_neither_make_online_nor_bring_back_what_was_deleted()
    {
        await Publish("twins/deleted/reported", """{"a":1}""", retain: true);
        await Publish("twins/deleted/reported/b", "2", retain: true);
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1,"b":2}""", await _platform.Rest.Reported("deleted")));
        (await _platform.Rest.Delete("/twins/deleted")).Expect(HttpStatusCode.NoContent);

        // The link's session ends, so that it subscribes again and gets the retained messages.
        await _platform.Twins.Stop();
        await using (await PahoClient.Connect(new PahoOptions("twins-broker", _platform.Broker!.Port) { Clean = true }))
        {
            await Publish("twins/first/reported", """{"a":1}""", retain: true);
            await Publish("twins/first/connection", "online", retain: true);
        }

        await _platform.StartAgain();
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1}""", await _platform.Rest.Reported("first")));
        var connection = (await _platform.Rest.Twin("first"))["connection"]!;
        Assert.Equal(("offline", null), ((string?)connection["status"], connection["lastSeen"]));

        // Retained messages come in the order of the subscription, and this is behind them.
        await ReportAndRead("""{"end":1}""");
        Assert.Equal(HttpStatusCode.NotFound, (await _platform.Rest.Get("/twins/deleted")).Status);

        await Publish("twins/first/reported", """{"a":2}""", retain: false);
        await Eventually.Passes(async () => Assert.Equal("online", (string?)(await _platform.Rest.Twin("first"))["connection"]!["status"]));
    }

    [Fact]
    public async Task Delete_clears_the_retained_delta()
    {
        (await _platform.Rest.Put("/twins/cleared", """{"desired":{"a":1}}""")).Expect(HttpStatusCode.Created);
        await using var device = await PahoClient.Connect(new PahoOptions("cleared", _platform.Broker!.Port));
        await device.Subscribe("twins/cleared/desired");
        await device.Receive(message => message.Topic == "twins/cleared/desired" && (int?)message.Json["a"] == 1, "the delta");

        (await _platform.Rest.Delete("/twins/cleared")).Expect(HttpStatusCode.NoContent);

        // Who is subscribed gets the empty message; who comes later gets nothing.
        await device.Receive(message => message.Topic == "twins/cleared/desired" && message.Payload.Length == 0, "the delta to be cleared");
        await using var later = await PahoClient.Connect(new PahoOptions("later", _platform.Broker.Port));
        await later.Subscribe("twins/cleared/desired");
        await later.Subscribe("twins/behind/marker");
        await Publish("twins/behind/marker", "1", retain: false);
        await later.Receive("twins/behind/marker");
        Assert.Equal(0, later.Inbox.All.Count(message => message.Topic == "twins/cleared/desired"));
    }

    [Fact]
    public async Task Clearing_a_retained_report_is_no_dead_letter()
    {
        await Publish("twins/behind/reported", """{"a":1}""", retain: true);
        await using var device = await PahoClient.Connect(new PahoOptions("behind", _platform.Broker!.Port));
        foreach (var level in new[] { "reported", "reported/a", "connection" })
        {
            await device.Publish(new Publish($"twins/behind/{level}", "") { Retain = true });
        }

        await ReportAndRead("""{"a":1,"end":1}""", """{"end":1}""");

        Assert.Empty(await _platform.Rest.DeadLetters(_ => true));
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }
    }

    private Task LinkConnected(int times) => Eventually.Is(
        () => _platform.Twins.Output.Split("Broker link broker is connected").Length > times, "the link to connect");

    private Task Publish(string topic, string payload, bool retain) =>
        MosquittoPub.Publish(_platform.Broker!.Port, new Publish(topic, payload) { Retain = retain });

    private async Task ReportAndRead(string read, string? report = null)
    {
        await Publish("twins/behind/reported", report ?? read, retain: false);
        await Eventually.Passes(async () => Json.AssertEqual(read, await _platform.Rest.Reported("behind")));
    }
}
