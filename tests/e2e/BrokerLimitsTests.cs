using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A link to a Mosquitto that announces limits.</summary>
public sealed class BrokerLimitsTests : OwningTest
{
    [Fact]
    public async Task Oversized_message_disturbs_no_other_device()
    {
        Require.Components(Component.Paho, Component.Mosquitto);
        var folder = Ours(new TemporaryData());
        var broker = Ours(await MosquittoProcess.Start(durability: """
            max_packet_size 1000
            retain_available false
            max_keepalive 10
            """));
        var twins = Ours(await TwinsProcess.Start(new TwinsSettings { DataDirectory = folder.Path, BrokerPort = broker.Port }));
        using var rest = new TwinsRest(twins.Url);
        await Eventually.Passes(() =>
        {
            Assert.Contains("Broker link broker is connected", twins.Output, StringComparison.Ordinal);
            Assert.Contains("Retain Available is 0", twins.Output, StringComparison.Ordinal);
            Assert.Contains("Maximum Packet Size is 1000", twins.Output, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
        var device = Ours(await PahoClient.Connect(new PahoOptions("small", broker.Port)));
        foreach (var topic in new[] { "twins/small/desired", "twins/small/commands/+/+" })
        {
            await device.Subscribe(topic);
        }

        await device.Publish("twins/small/reported", """{"a":1}""");
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1}""", await rest.Reported("small")));
        var large = $$"""{"text":"{{new string('x', 2_000)}}"}""";

        (await rest.Put("/twins/large", $$"""{"desired":{{large}}}""")).Expect(HttpStatusCode.Created);
        await Eventually.Is(() => twins.Output.Contains("Set aside a message of broker link broker on twins/large/desired", StringComparison.Ordinal), "the message to be set aside");
        var refused = await rest.Post("/twins/small/commands/print", large);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "broker-packet-too-large"), (refused.Status, (string?)refused.Json!["code"]));

        (await rest.Patch("/twins/small/desired", """{"a":2}""")).Expect(HttpStatusCode.OK);
        await device.Receive(message => message.Topic == "twins/small/desired" && (int?)message.Json["a"] == 2, "the delta");
        var sending = rest.Post("/twins/small/commands/print?timeout=20s", "{}");
        var command = await device.Receive(message => message.Topic.StartsWith("twins/small/commands/print/", StringComparison.Ordinal), "the command");
        await device.Publish($"twins/small/commands/{command.Topic.Split('/')[^1]}/response", "{}");
        (await sending).Expect(HttpStatusCode.OK);

        Assert.Single(broker.Output.Split('\n'), line => line.Contains("as twins-broker ", StringComparison.Ordinal));
        Assert.DoesNotContain("has lost its connection", twins.Output, StringComparison.Ordinal);
    }

    /// <summary>The folder of the store, which goes after the platform has ended.</summary>
    private sealed class TemporaryData : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public string Path => _folder.In("data");

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
