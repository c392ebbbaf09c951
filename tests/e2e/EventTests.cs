using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>What applications are told while it happens: CloudEvents on the gateway, Server-Sent Events over REST.</summary>
public sealed class EventTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task Mosquitto_sub_follows_the_life_of_a_twin(Store store)
    {
        var platform = await On(store);
        Require.Components(Component.MosquittoSub);
        var id = NewTwinId("life");
        var listener = Ours(await MosquittoSub.Start(platform.MqttPort(Link.Gateway), "twins/+/events/#"));

        var device = await ConnectListeningDevice(platform, Link.Gateway, id);
        await device.Publish($"twins/{id}/reported", """{"a":1}""");
        await device.Publish($"twins/{id}/reported", """{"a":2}""");
        var changed = await Receive(listener, id, "changed", data => (int?)data["reported"]?["a"] == 2);
        await Receive(listener, id, "created", _ => true);
        await Receive(listener, id, "online", data => (string?)data["connection"]?["status"] == "online");
        var revision = (long)(await platform.Rest.Twin(id))["revision"]!;
        Assert.Equal(revision, (long?)changed["data"]!["revision"]);

        (await platform.Rest.Put($"/twins/{id}/tags/site", "\"rotterdam\"")).Expect(HttpStatusCode.OK);
        await Receive(listener, id, "changed", data => (string?)data["tags"]?["site"] == "rotterdam");
        (await platform.Rest.Post($"/twins/{id}/commands/reboot?timeout=500ms", "{}", ("Prefer", "respond-async"))).Expect(HttpStatusCode.Accepted);
        await Receive(listener, id, "command", data => (string?)data["name"] == "reboot");
        await device.Disconnect();
        await Receive(listener, id, "offline", data => (string?)data["connection"]?["status"] == "offline");
        (await platform.Rest.Delete($"/twins/{id}")).Expect(HttpStatusCode.NoContent);
        await Receive(listener, id, "deleted", _ => true);

        var all = listener.Inbox.All.Where(message => message.Topic.StartsWith($"twins/{id}/", StringComparison.Ordinal)).ToArray();
        Assert.Distinct(all.Select(message => (string?)message.Json["id"]), StringComparer.Ordinal);
        Assert.All(all, message => AssertCloudEvent(message, id));
        var revisions = all.Select(message => (long?)message.Json["data"]?["revision"]).OfType<long>().ToArray();
        Assert.Equal(revisions.Order(), revisions);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Paho_can_follow_one_twin(int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("one");
        var application = await Connect(new PahoOptions($"app-{Guid.NewGuid():N}", platform.MqttPort(Link.Gateway)) { Version = version });
        await application.Subscribe($"twins/{id}/events/changed", qos: 0);
        var device = await ConnectDevice(platform, Link.Broker, id, version);

        await device.Publish($"twins/{id}/reported", """{"a":1}""");
        await device.Publish($"twins/{id}/reported", """{"b":2}""");

        // Whether the device was announced first or its first report made the twin, its second is a change.
        await application.Receive(m => (int?)m.Json["data"]?["reported"]?["b"] == 2, "the event of the second report");
        Assert.All(application.Inbox.All, message => Assert.Equal($"twins/{id}/events/changed", message.Topic));
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task Live_events_go_on_where_they_were_left(Store store)
    {
        var platform = await On(store);
        var id = NewTwinId("sse");
        var device = await ConnectDevice(platform, Link.Gateway, id);
        await device.Publish($"twins/{id}/reported", """{"a":0}""");

        string? seen;
        await using (var events = await platform.Rest.Listen($"/twins/{id}/events"))
        {
            await device.Publish($"twins/{id}/reported", """{"a":1}""");
            await device.Publish($"twins/{id}/reported", """{"a":2}""");
            seen = (await events.Inbox.Take(e => e.Type == "changed" && Value(e) == 1, "the event of 1")).Id;
            await events.Inbox.Take(e => Value(e) == 2, "the event of 2");
        }

        Assert.False(string.IsNullOrEmpty(seen));
        await device.Publish($"twins/{id}/reported", """{"a":3}""");
        await using (var events = await platform.Rest.Listen($"/twins/{id}/events", lastEventId: seen))
        {
            await device.Publish($"twins/{id}/reported", """{"a":4}""");
            await events.Inbox.Take(e => Value(e) == 4, "the event of 4");
            Assert.Equal([2, 3, 4], events.Inbox.All.Select(Value).OfType<int>());
        }
    }

    [Fact]
    public async Task Live_events_of_the_fleet_tell_of_every_twin()
    {
        var platform = await On(Store.Embedded);
        string[] ids = [NewTwinId("fleet"), NewTwinId("fleet")];
        await using var events = await platform.Rest.Listen("/events");

        foreach (var id in ids)
        {
            (await platform.Rest.Put($"/twins/{id}", """{"desired":{"a":7}}""")).Expect(HttpStatusCode.Created);
        }

        foreach (var id in ids)
        {
            await events.Inbox.Take(e => e.Type == "created" && e.Data.Contains(id, StringComparison.Ordinal), $"the creation of {id}");
        }
    }

    private static int? Value(LiveEvent e) =>
        (int?)(e.Json["data"]?["reported"]?["a"] ?? e.Json["reported"]?["a"]);

    private static async Task<JsonNode> Receive(MosquittoSub listener, string id, string kind, Predicate<JsonNode> match) => (await listener.Inbox.Take(
        message => message.Topic == $"twins/{id}/events/{kind}" && match(message.Json["data"]!), $"the event {kind}")).Json;

    private static void AssertCloudEvent(MqttMessage message, string id)
    {
        Assert.Equal("1.0", (string?)message.Json["specversion"]);
        Assert.NotEmpty((string?)message.Json["id"] ?? "");
        Assert.NotEmpty((string?)message.Json["source"] ?? "");
        Assert.EndsWith(message.Topic.Split('/')[^1], (string?)message.Json["type"] ?? "", StringComparison.Ordinal);
        Assert.Contains(id, $"{message.Json["source"]} {message.Json["subject"]}", StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse((string?)message.Json["time"], CultureInfo.InvariantCulture, out _));
    }
}
