using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Questions that stay asked: filters of events, watches, and both over a WebSocket.</summary>
public sealed class LiveTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task Events_can_be_filtered_by_what_the_twin_is_like_after_them(Store store)
    {
        var platform = await On(store);
        var (id, other) = (NewTwinId("hot"), NewTwinId("hot"));
        var filter = Uri.EscapeDataString($"and(in(id,\"{id}\",\"{other}\"),gt(reported/t,80),eq(tags/site,\"x\"))");
        (await platform.Rest.Put($"/twins/{id}", """{"tags":{"site":"x"}}""")).Expect(HttpStatusCode.Created);
        await using var events = await platform.Rest.Listen($"/events?filter={filter}");
        var device = await ConnectDevice(platform, Link.Gateway, id);
        var away = await ConnectDevice(platform, Link.Broker, other);

        await device.Publish($"twins/{id}/reported", """{"t":80}""");
        await away.Publish($"twins/{other}/reported", """{"t":90}""");
        await device.Publish($"twins/{id}/reported", """{"t":81}""");
        await device.Publish($"twins/{id}/reported", """{"t":7}""");
        await device.Publish($"twins/{id}/reported", """{"t":82}""");

        await events.Inbox.Take(e => (int?)e.Json["data"]?["reported"]?["t"] == 82, "the event of 82");
        Assert.Equal([81, 82], events.Inbox.All.Select(e => (int?)e.Json["data"]?["reported"]?["t"]).OfType<int>());
        Assert.All(events.Inbox.All, e => Assert.Equal(id, (string?)e.Json["subject"]));
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_watch_tells_who_matches_and_how_that_changes(Store store)
    {
        var platform = await On(store);
        var site = $"site-{Guid.NewGuid():N}";
        var content = $$"""{"tags":{"site":"{{site}}"} }""";
        var (there, comes) = (NewTwinId("watched"), NewTwinId("watched"));
        (await platform.Rest.Put($"/twins/{there}", content)).Expect(HttpStatusCode.Created);
        await Eventually.Passes(async () => Assert.Single((await platform.Rest.Get($"/twins?filter=eq(tags/site,\"{site}\")")).Expect(HttpStatusCode.OK)!["items"]!.AsArray()));
        await using var watch = await platform.Rest.Listen($"/twins/watch?filter=eq(tags/site,\"{site}\")");

        await Take(watch, "member", there);
        Assert.Equal(1, (int?)(await watch.Inbox.Take(e => e.Type == "ready", "ready")).Json["count"]);
        (await platform.Rest.Put($"/twins/{comes}", content)).Expect(HttpStatusCode.Created);
        await Take(watch, "entered", comes);
        var device = await ConnectDevice(platform, Link.Gateway, there);
        await device.Publish($"twins/{there}/reported", """{"t":1}""");
        var changed = await watch.Inbox.Take(e => e.Type == "changed" && (int?)e.Json["twin"]?["reported"]?["t"] == 1, "the change");
        Assert.Equal((long?)changed.Json["revision"], (long?)changed.Json["twin"]!["revision"]);
        (await platform.Rest.Put($"/twins/{comes}/tags/site", "\"elsewhere\"")).Expect(HttpStatusCode.OK);
        Assert.Equal("changed", (string?)(await Take(watch, "left", comes)).Json["reason"]);
        (await platform.Rest.Delete($"/twins/{there}")).Expect(HttpStatusCode.NoContent);
        Assert.Equal("deleted", (string?)(await Take(watch, "left", there)).Json["reason"]);
    }

    [Fact]
    public async Task One_socket_carries_events_and_a_watch()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("socket");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(new Uri(platform.Twins.Url, "/live")) { Scheme = "ws" }.Uri, TestContext.Current.CancellationToken);

        await Send(socket, $$"""{"subscribe":"e","to":"events","twin":"{{id}}","kinds":"created"}""");
        Assert.Equal("e subscribed", Told(await Receive(socket)));
        await Send(socket, $$"""{"subscribe":"w","to":"watch","filter":"eq(id,\"{{id}}\")"}""");
        Assert.Equal("w subscribed", Told(await Receive(socket)));
        Assert.Equal("w ready", Told(await Receive(socket)));
        (await platform.Rest.Put($"/twins/{id}", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);

        string[] told = [Told(await Receive(socket)), Told(await Receive(socket))];
        Assert.Equal(["e created", "w entered"], told.Order(StringComparer.Ordinal));
        await Send(socket, """{"subscribe":"x","to":"events","filter":"eq("}""");
        var problem = await Receive(socket);
        Assert.Equal(("x problem", "filter-invalid"), (Told(problem), (string?)problem["data"]!["code"]));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Who_hears_nothing_learns_every_15_s_where_the_stream_stands()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("quiet");
        var path = $"/events?filter=eq(id,\"{id}\")";
        string? known;
        await using (var events = await platform.Rest.Listen(path))
        {
            await Eventually.Is(() => events.LastEventId is { Length: > 0 }, "the stream to say where it starts");
            var opened = events.LastEventId;
            (await platform.Rest.Put($"/twins/{NewTwinId("other")}", "{}")).Expect(HttpStatusCode.Created);
            await Eventually.Is(() => events.LastEventId != opened, "a heartbeat", TimeSpan.FromSeconds(25));
            known = events.LastEventId;
        }

        (await platform.Rest.Put($"/twins/{id}", "{}")).Expect(HttpStatusCode.Created);
        await using var again = await platform.Rest.Listen(path, known);
        Assert.Equal("created", (await again.Inbox.Take(_ => true, "what was missed")).Type);
    }

    [Theory]
    [InlineData(Link.Gateway)]
    [InlineData(Link.Broker)]
    public async Task Subscribers_get_the_events_that_the_filter_of_their_link_lets_through(Link link)
    {
        Require.Components(Component.Paho, Component.Mosquitto);
        using var folder = new TemporaryFolder();
        var broker = link == Link.Broker ? Ours(await MosquittoProcess.Start()) : null;
        var key = broker is null ? "Twins:Mqtt:Gateway" : "Twins:Mqtt:Brokers:0";
        var twins = Ours(await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = folder.In("data"),
            BrokerPort = broker?.Port,
            More = new Dictionary<string, string>(StringComparer.Ordinal) { [$"{key}:EventFilter"] = "gt(reported/t,80)", ["Twins:Mqtt:Brokers:0:Events"] = "true" }
                .Where(setting => broker is not null || !setting.Key.Contains("Brokers", StringComparison.Ordinal))
                .ToDictionary(StringComparer.Ordinal),
        }));
        var port = broker?.Port ?? twins.Settings.MqttPort;
        var application = await Connect(new PahoOptions($"app-{Guid.NewGuid():N}", port));
        await application.Subscribe("twins/+/events/changed");
        var device = await Connect(new PahoOptions("pump", port));

        foreach (var t in (int[])[1, 80, 81, 7, 82])
        {
            await device.Publish("twins/pump/reported", $$"""{"t":{{t}}}""");
        }

        await application.Receive(message => Value(message) == 82, "the event of 82");
        Assert.Equal([81, 82], application.Inbox.All.Select(Value).OfType<int>());

        static int? Value(MqttMessage message) => (int?)message.Json["data"]?["reported"]?["t"];
    }

    private static Task<LiveEvent> Take(LiveEvents watch, string kind, string id) =>
        watch.Inbox.Take(e => e.Type == kind && (string?)e.Json["id"] == id, $"{kind} of {id}");

    private static string Told(JsonNode message) => $"{message["subscription"]} {message["event"]}";

    private static Task Send(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

    private static async Task<JsonNode> Receive(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!;
            }
        }
    }
}
