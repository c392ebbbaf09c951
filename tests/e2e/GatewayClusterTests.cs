using System.Diagnostics;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Devices behind a load balancer: whichever silo they come to, they go on with the session they have.</summary>
public sealed class GatewayClusterTests(GatewayClusterFixture fixture) : OwningTest, IClassFixture<GatewayClusterFixture>
{
    private Cluster Cluster => fixture.Cluster;

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_device_that_connects_at_the_other_silo_goes_on_there_and_its_old_connection_is_closed(int version)
    {
        var id = NewId("moves");
        var first = await ListeningDevice(id, Cluster.A, version);

        var second = await Connect(id, Cluster.B, version);

        Assert.True(second.SessionPresent);
        await first.Disconnected.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        if (version == 5)
        {
            Assert.Equal(0x8E, first.DisconnectReason);
        }

        Assert.Equal("online", await Status(Cluster, id));
        (await Cluster.Rest.Patch($"/twins/{id}/desired", """{"a":1}""")).Expect(HttpStatusCode.OK);
        await second.Receive(m => m.Topic == $"twins/{id}/desired" && (int?)m.Json["a"] == 1, "the delta, without a SUBSCRIBE");
        await Send(Cluster, id, "first");
        await Send(Cluster, id, "second");
        foreach (var name in new[] { "first", "second" })
        {
            await second.Receive(m => m.Topic.StartsWith($"twins/{id}/commands/{name}/", StringComparison.Ordinal), $"the command {name}");
        }

        Assert.Equal(["first", "second"], second.Inbox.All.Where(m => m.Topic.Contains("/commands/", StringComparison.Ordinal)).Select(m => m.Topic.Split('/')[3]));
        Assert.DoesNotContain(first.Inbox.All, message => message.Topic.StartsWith($"twins/{id}/commands/", StringComparison.Ordinal));

        // A subscription that came along is as good as any: it can be taken back, and stays away after one more move.
        Assert.Equal(version == 5 ? 0 : null, await second.Unsubscribe($"twins/{id}/desired"));
        var third = await Connect(id, Cluster.A, version);
        Assert.True(third.SessionPresent);
        (await Cluster.Rest.Patch($"/twins/{id}/desired", """{"a":2}""")).Expect(HttpStatusCode.OK);
        await Send(Cluster, id, "third");
        await third.Receive(m => m.Topic.StartsWith($"twins/{id}/commands/third/", StringComparison.Ordinal), "the command");
        Assert.DoesNotContain(third.Inbox.All, message => message.Topic == $"twins/{id}/desired");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Who_begins_anew_at_one_silo_has_nothing_left_at_any(int version)
    {
        var id = NewId("anew");
        var first = await ListeningDevice(id, Cluster.A, version);

        var second = await Connect(id, Cluster.B, version, clean: true);
        Assert.False(second.SessionPresent);
        await first.Disconnected.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        (await Cluster.Rest.Patch($"/twins/{id}/desired", """{"a":1}""")).Expect(HttpStatusCode.OK);
        await second.Subscribe($"twins/{id}/document");
        await second.Publish($"twins/{id}/get", "");
        await second.Receive($"twins/{id}/document");
        Assert.DoesNotContain(second.Inbox.All, message => message.Topic == $"twins/{id}/desired");

        Assert.False((await Connect(id, Cluster.A, version)).SessionPresent);
    }

    [Fact]
    public async Task What_was_queued_at_one_silo_while_the_client_was_away_it_gets_at_the_other_in_order()
    {
        const int Reports = 30;
        var (id, app) = (NewId("queued"), NewId("app"));
        var device = await Connect(id, Cluster.B, version: 5, clean: true);
        await device.Publish($"twins/{id}/reported", """{"n":0}""");
        var away = await Connect(app, Cluster.A, version: 5);
        await away.Subscribe($"twins/{id}/events/changed");
        await away.Disconnect();
        for (var n = 1; n <= Reports; n++)
        {
            await device.Publish($"twins/{id}/reported", $$"""{"n":{{n}}}""");
        }

        var back = await Connect(app, Cluster.B, version: 5);

        Assert.True(back.SessionPresent);
        await device.Publish($"twins/{id}/reported", """{"n":-1}""");
        await back.Receive(m => Reported(m) == -1, "the event of what happened later");
        Assert.Equal([.. Enumerable.Range(1, Reports), -1], back.Inbox.All.Select(Reported).OfType<int>());
    }

    [Fact]
    public async Task Of_two_connections_made_at_once_one_stays()
    {
        var id = NewId("both");
        await ListeningDevice(id, Cluster.A, version: 5);

        // The one that loses may be closed before it has its CONNACK.
        var both = (await Task.WhenAll(ConnectOrBeClosed(id, Cluster.A), ConnectOrBeClosed(id, Cluster.B))).OfType<PahoClient>().ToArray();

        await Eventually.Is(() => both.Count(client => !client.Disconnected.IsCompleted) == 1, "one of them to be closed");
        (await Cluster.Rest.Patch($"/twins/{id}/desired", """{"a":1}""")).Expect(HttpStatusCode.OK);
        var stays = both.Single(client => !client.Disconnected.IsCompleted);
        await stays.Receive(m => m.Topic == $"twins/{id}/desired" && (int?)m.Json["a"] == 1, "the delta");
    }

    [Fact]
    public async Task While_a_device_moves_to_and_fro_it_misses_nothing()
    {
        const int Moves = 20;
        var id = NewId("restless");
        var connections = new List<PahoClient> { await ListeningDevice(id, Cluster.A, version: 5) };
        using var moved = new CancellationTokenSource();
        var sending = Keep(id, moved.Token);

        for (var move = 0; move < Moves; move++)
        {
            connections.Add(await Connect(id, move % 2 == 0 ? Cluster.B : Cluster.A, version: 5));
            Assert.True(connections[^1].SessionPresent);
        }

        await moved.CancelAsync();
        var (desired, commands) = await sending;
        await connections[^1].Receive(m => m.Topic == $"twins/{id}/desired" && (int?)m.Json["n"] == desired, "the last that was desired");
        await Eventually.Passes(() =>
        {
            var seen = Received(connections, $"twins/{id}/commands/").Select(m => m.Topic.Split('/')[^1]).Distinct(StringComparer.Ordinal);
            Assert.Equal(commands, seen);
            return Task.CompletedTask;
        });

        // A new connection first gets again, in order, what the one before it had not acknowledged (MQTT 5, 4.4).
        Assert.All(connections, connection => Ordered(Revisions([connection])));
        Ordered(Revisions(connections).Distinct());

        IEnumerable<long> Revisions(IEnumerable<PahoClient> of) => Received(of, $"twins/{id}/desired").Select(m => (long)m.Json["$revision"]!);

        static void Ordered(IEnumerable<long> revisions) => Assert.Equal(revisions.Order(), revisions);
    }

    [Fact]
    public async Task Sessions_outlive_a_silo_that_stands_still_and_then_is_killed()
    {
        await using var cluster = await Cluster.Start();
        var ids = new[] { NewId("killed"), NewId("killed"), NewId("killed") };
        foreach (var (index, id) in ids.Index())
        {
            await ListeningDevice(id, cluster.A, version: index % 2 == 0 ? 5 : 4, cluster);
        }

        await cluster.A.Pause();
        var watch = Stopwatch.StartNew();
        var stopped = await Connect(ids[0], cluster.B, version: 5);
        TestContext.Current.TestOutputHelper?.WriteLine($"let in after {watch.Elapsed.TotalSeconds:0.00} s, with paho's start");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(6), $"let in after {watch.Elapsed}");
        await cluster.A.Kill();

        var back = new[] { stopped, await Connect(ids[1], cluster.B, version: 4), await Connect(ids[2], cluster.B, version: 5) };
        foreach (var (device, id) in back.Zip(ids))
        {
            Assert.True(device.SessionPresent);
            await Eventually.Passes(async () => Assert.Equal("online", await Status(cluster, id)));
            (await cluster.Rest.Patch($"/twins/{id}/desired", """{"a":1}""")).Expect(HttpStatusCode.OK);
            await device.Receive(m => m.Topic == $"twins/{id}/desired" && (int?)m.Json["a"] == 1, "the delta, without a SUBSCRIBE");
        }

        Assert.Equal(0, await back[2].Unsubscribe($"twins/{ids[2]}/desired"));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Sessions_outlive_the_end_of_a_single_process(int version)
    {
        await using var platform = await Platform.Start(Store.Embedded, broker: false);
        var id = NewId("alone");
        var device = Ours(await PahoClient.Connect(new PahoOptions(id, platform.Twins.Settings.MqttPort) { Version = version, Clean = false }));
        await device.Subscribe($"twins/{id}/desired");
        await device.Publish($"twins/{id}/reported", "{}");
        if (version == 5)
        {
            await platform.Twins.Kill();
        }
        else
        {
            await platform.Twins.Stop();
        }

        await platform.StartAgain();
        var back = Ours(await PahoClient.Connect(new PahoOptions(id, platform.Twins.Settings.MqttPort) { Version = version, Clean = false }));

        Assert.True(back.SessionPresent);
        (await platform.Rest.Patch($"/twins/{id}/desired", """{"a":1}""")).Expect(HttpStatusCode.OK);
        await back.Receive(m => m.Topic == $"twins/{id}/desired" && (int?)m.Json["a"] == 1, "the delta, without a SUBSCRIBE");
    }

    public override ValueTask DisposeAsync()
    {
        // It is not this test's to end.
        Cluster.ShowIfFailed();
        return base.DisposeAsync();
    }

    private static string NewId(string name) => $"gc:{name}-{Guid.NewGuid():N}";

    private static int? Reported(MqttMessage message) => (int?)message.Json["data"]?["reported"]?["n"];

    private static IEnumerable<MqttMessage> Received(IEnumerable<PahoClient> connections, string topic) =>
        connections.SelectMany(connection => connection.Inbox.All).Where(message => message.Topic.StartsWith(topic, StringComparison.Ordinal));

    private static async Task<string?> Status(Cluster cluster, string id) => (string?)(await cluster.Rest.Twin(id))["connection"]?["status"];

    private static async Task<string> Send(Cluster cluster, string id, string name)
    {
        var answer = await cluster.Rest.Post($"/twins/{id}/commands/{name}?timeout=5m", "{}", ("Prefer", "respond-async"));
        return (string)answer.Expect(HttpStatusCode.Accepted)!["id"]!;
    }

    /// <summary>Desires and commands until it is told to stop; answers the last that was desired and all commands, in order.</summary>
    private async Task<(int Desired, List<string> Commands)> Keep(string id, CancellationToken moved)
    {
        var commands = new List<string>();
        var desired = 0;
        while (!moved.IsCancellationRequested || commands.Count == 0)
        {
            (await Cluster.Rest.Patch($"/twins/{id}/desired", $$"""{"n":{{++desired}}}""")).Expect(HttpStatusCode.OK);

            // A twin has no more than 32 open at once.
            if (commands.Count < 25)
            {
                commands.Add(await Send(Cluster, id, $"n{commands.Count}"));
            }
        }

        return (desired, commands);
    }

    private async Task<PahoClient> Connect(string id, SiloProcess silo, int version, bool clean = false) =>
        Ours(await PahoClient.Connect(new PahoOptions(id, silo.Settings.MqttPort) { Version = version, Clean = clean }));

    /// <summary>Null where the connection was closed before it was made.</summary>
    private async Task<PahoClient?> ConnectOrBeClosed(string id, SiloProcess silo)
    {
        try
        {
            return await Connect(id, silo, version: 5);
        }
        catch (InvalidOperationException exception) when (exception.Message.EndsWith("closed before CONNACK", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private async Task<PahoClient> ListeningDevice(string id, SiloProcess silo, int version, Cluster? cluster = null)
    {
        var device = await Connect(id, silo, version);
        await device.Subscribe($"twins/{id}/desired");
        await device.Subscribe($"twins/{id}/commands/+/+");
        await device.Publish($"twins/{id}/reported", "{}");
        await Eventually.Passes(async () => Assert.Equal("online", await Status(cluster ?? Cluster, id)));
        return device;
    }
}
