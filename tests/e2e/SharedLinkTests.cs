using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A broker link that two silos share: the broker hands a device's messages to either, in no order.</summary>
public sealed class SharedLinkTests : OwningTest
{
    private const int Messages = 800;

    /// <summary>Few, so that messages of one property often meet on their way.</summary>
    private const int Properties = 5;

    private static readonly string[] s_ids = ["shared-1", "shared-2", "shared-3", "shared-4"];

    private MosquittoProcess? _broker;
    private Cluster? _cluster;

    public override ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho, Component.Mosquitto, Component.Redis);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task All_is_there_and_nothing_goes_backwards()
    {
        await Start("Auto");
        using var health = new TwinsRest(_cluster!.B.Url);
        var link = (await health.Get("/health/ready")).Expect(HttpStatusCode.OK)!["links"]!.AsArray().Single()!;
        Assert.Equal(("plant", true, "5"), ((string?)link["name"], (bool)link["connected"]!, (string?)link["protocol"]));

        var streams = await Task.WhenAll(s_ids.Select(async id => await StreamWatched(id)));

        await AllIsThere(streams);
    }

    [Theory]
    [InlineData("Auto")]
    [InlineData("3.1.1")]
    public async Task What_a_silo_had_under_way_when_it_died_comes_without_its_return_and_events_go_on(string protocol)
    {
        await Start(protocol);
        const int Told = 20;
        await using var events = await MosquittoSub.Start(_broker!.Port, "twins/told/events/#");
        await using var told = await Device("told");
        await using var first = await Device(s_ids[0]);
        await using var second = await Device(s_ids[1]);
        var streaming = new[] { Stream(first), Stream(second) };
        await first.Progress.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        await _cluster!.B.Kill();
        for (var i = 1; i <= Told; i++)
        {
            await told.Publish("twins/told/reported", $$"""{"n{{i}}":{{i}}}""");
        }

        await AllIsThere(await Task.WhenAll(streaming));
        await Eventually.Passes(() =>
        {
            var seen = events.Inbox.All.Select(message => message.Text).ToArray();
            Assert.All(Enumerable.Range(1, Told), i => Assert.Contains(seen, text => text.Contains($"\"n{i}\":{i}", StringComparison.Ordinal)));
            return Task.CompletedTask;
        });
        await Eventually.Is(() => _cluster.A.Output.Contains("has ended session", StringComparison.Ordinal), "the dead silo's session to be ended");

        const string Before = "has ended session ";
        var line = _cluster.A.Output.Split('\n').Single(said => said.Contains(Before, StringComparison.Ordinal));
        var clientId = line[(line.IndexOf(Before, StringComparison.Ordinal) + Before.Length)..].Split(':')[0];
        await using var returned = await PahoClient.Connect(new PahoOptions(clientId, _broker.Port) { Version = 4, Clean = false });
        Assert.False(returned.SessionPresent);
    }

    private async Task Start(string protocol)
    {
        _broker = Ours(await MosquittoProcess.Start());
        _cluster = Ours(await Cluster.Start(more: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Twins:Mqtt:Brokers:0:Name"] = "plant",
            ["Twins:Mqtt:Brokers:0:Uri"] = $"mqtt://127.0.0.1:{_broker.Port}",
            ["Twins:Mqtt:Brokers:0:Mode"] = "Shared",
            ["Twins:Mqtt:Brokers:0:Events"] = "true",
            ["Twins:Mqtt:Brokers:0:Protocol"] = protocol,
        }));
        await Connected(_cluster.A);
        await Connected(_cluster.B);
    }

    private static Task Connected(SiloProcess silo) =>
        Eventually.Is(() => silo.Output.Contains("Broker link plant is connected", StringComparison.Ordinal), "a silo's broker link to connect");

    private Task<PahoClient> Device(string id) => PahoClient.Connect(new PahoOptions(id, _broker!.Port));

    private static Task<PahoStream> Stream(PahoClient device) => device.Stream(
        $"twins/{device.Options.ClientId}/reported", Properties, window: 20, report: Messages / 4, last: Messages, ordered: true);

    private async Task<PahoStream> StreamWatched(string id)
    {
        await using var device = await Device(id);
        var streaming = Stream(device);
        var before = new JsonObject();
        while (!streaming.IsCompleted)
        {
            if (await _cluster!.Rest.Reported(id) is JsonObject now)
            {
                foreach (var (name, value) in before)
                {
                    Assert.True((int?)now[name] >= (int?)value, $"{id}: {name} was {value} and is {now[name]?.ToJsonString() ?? "nothing"}");
                }

                before = now;
            }
        }

        return await streaming;
    }

    /// <summary>Each device's last word on each property, which the broker acknowledged.</summary>
    private async Task AllIsThere(IEnumerable<PahoStream> streams)
    {
        foreach (var (id, stream) in s_ids.Zip(streams))
        {
            Assert.Equal(Messages, stream.Acknowledged.Length);
            await Eventually.Passes(async () => Assert.Empty(stream.Faults(await _cluster!.Rest.Reported(id))));
        }
    }
}
