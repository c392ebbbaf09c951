using System.Net;
using System.Text.RegularExpressions;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Links to brokers of three kinds: one speaks MQTT 5, two speak MQTT 3.1.1 only.</summary>
public sealed partial class BrokersTests(BrokersFixture brokers) : OwningTest, IClassFixture<BrokersFixture>
{
    private TwinsRest Rest => brokers.Rest;

    [Theory]
    [InlineData("mosquitto", 5)]
    [InlineData("mosquitto", 4)]
    [InlineData("nats", 4)]
    [InlineData("rabbitmq", 4)]
    public async Task Device_reports_and_gets_desired_and_commands(string broker, int version)
    {
        var port = brokers.PortOf(broker);
        var id = $"e2e:{broker}-{version}-{Guid.NewGuid():N}";
        var device = Ours(await PahoClient.Connect(new PahoOptions(id, port) { Version = version, Will = new Publish($"twins/{id}/connection", "offline") }));
        await device.Subscribe($"twins/{id}/desired");
        await device.Subscribe($"twins/{id}/document");
        await device.Subscribe($"twins/{id}/commands/+/+");

        await device.Publish($"twins/{id}/connection", "online");
        await device.Publish($"twins/{id}/reported", """{"mode":1,"power":{"on":true},"$epoch":1,"$seq":1}""");
        await device.Publish($"twins/{id}/reported/name", "\"north\"");
        await Eventually.Passes(async () => Json.AssertEqual("""{"mode":1,"power":{"on":true},"name":"north"}""", await Rest.Reported(id)));

        (await Rest.Patch($"/twins/{id}/desired", """{"mode":2}""")).Expect(HttpStatusCode.OK);
        await device.Receive(message => message.Topic == $"twins/{id}/desired" && (int?)message.Json["mode"] == 2, "the delta");

        var sending = Rest.Post($"/twins/{id}/commands/reboot?timeout=20s", """{"delay":3}""");
        var command = await device.Receive(message => message.Topic.StartsWith($"twins/{id}/commands/reboot/", StringComparison.Ordinal), "the command");
        await device.Publish($"twins/{id}/commands/{command.Topic.Split('/')[^1]}/response", """{"rebooted":true}""");
        Json.AssertEqual("""{"rebooted":true}""", (await sending).Expect(HttpStatusCode.OK)!["response"]!["body"]);

        await device.Publish($"twins/{id}/get", "");
        Assert.Equal(id, (string?)(await device.Receive($"twins/{id}/document")).Json["id"]);

        // The delta is retained: a device that connects later gets it.
        var later = Ours(await PahoClient.Connect(new PahoOptions($"{id}-later", port) { Version = version }));
        await later.Subscribe($"twins/{id}/desired");
        await later.Receive(message => (int?)message.Json["mode"] == 2, "the retained delta");

        await device.Die();
        await Eventually.Passes(async () => Assert.Equal("offline", (string?)(await Rest.Twin(id))["connection"]!["status"]));
    }

    [Theory]
    [InlineData("mosquitto", "5", "5")]
    [InlineData("nats", "3.1.1", "4")]
    [InlineData("rabbitmq", "3.1.1", "4")]
    public async Task Protocol_is_shown_by_log_health_and_metrics(string broker, string protocol, string level)
    {
        brokers.PortOf(broker);
        Assert.Contains($"Broker link {broker} is connected to mqtt://127.0.0.1:{brokers.PortOf(broker)} with MQTT {protocol}.", brokers.Twins.Output, StringComparison.Ordinal);
        Assert.Equal(protocol == "3.1.1", brokers.Twins.Output.Contains($"Broker link {broker} continues with MQTT 3.1.1", StringComparison.Ordinal));

        var link = (await Rest.Get("/health/ready")).Expect(HttpStatusCode.OK)!["links"]!.AsArray().Single(shown => (string?)shown!["name"] == broker)!;
        Assert.True((bool)link["connected"]!);
        Assert.False((bool)link["standby"]!);
        Assert.Equal(protocol, (string?)link["protocol"]);
        Assert.InRange(DateTimeOffset.Parse((string)link["since"]!, null), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow);

        Assert.Equal("1", await Metric("twins_broker_connected", broker));
        Assert.Equal(level, await Metric("twins_broker_protocol", broker));
    }

    [Fact]
    public async Task Message_that_nats_refuses_is_set_aside_and_others_go_on()
    {
        // NATS 2.9 has no topics with ".", and ends the connection of who publishes on one.
        var port = brokers.PortOf("nats");
        var id = $"e2e.dot.{Guid.NewGuid():N}";
        (await Rest.Put($"/twins/{id}", """{"desired":{"mode":1}}""")).Expect(HttpStatusCode.Created);

        await Eventually.Is(
            () => brokers.Twins.Output.Contains($"Set aside a message of broker link nats on twins/{id}/desired", StringComparison.Ordinal), "the message to be set aside", TimeSpan.FromSeconds(60));
        Assert.Contains("characters ' ' and '.' not supported", brokers.Nats!.Output, StringComparison.Ordinal);
        Assert.Equal("1", await Metric("twins_broker_set_aside_total", "nats"));

        var other = $"e2e:other-{Guid.NewGuid():N}";
        var device = Ours(await PahoClient.Connect(new PahoOptions(other, port) { Version = 4 }));
        await device.Subscribe($"twins/{other}/desired");
        await device.Publish($"twins/{other}/reported", """{"a":1}""");
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1}""", await Rest.Reported(other)));
        (await Rest.Patch($"/twins/{other}/desired", """{"a":2}""")).Expect(HttpStatusCode.OK);
        await device.Receive(message => (int?)message.Json["a"] == 2, "the delta of another device");
    }

    [Fact]
    public async Task Link_returns_to_nats_and_keeps_its_session()
    {
        var port = brokers.PortOf("nats");
        var id = $"e2e:returns-{Guid.NewGuid():N}";
        var connections = Connections();
        await brokers.Nats!.Stop();
        await Eventually.Passes(async () => Assert.Contains("nothing listens at mqtt://127.0.0.1:", (string?)await Link("nats", "error"), StringComparison.Ordinal));
        Assert.Equal("0", await Metric("twins_broker_connected", "nats"));
        Assert.Equal(HttpStatusCode.OK, (await Rest.Get("/health/ready")).Status);

        await brokers.Nats.StartAgain();
        var device = Ours(await PahoClient.Connect(new PahoOptions(id, port) { Version = 4 }));
        await device.Publish($"twins/{id}/reported", """{"a":1}""");

        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1}""", await Rest.Reported(id)), TimeSpan.FromSeconds(40));
        Assert.Equal(connections + 1, Connections());
        Assert.DoesNotContain("Broker link nats found no session", brokers.Twins.Output, StringComparison.Ordinal);

        int Connections() => brokers.Twins.Output.Split("Broker link nats is connected", StringSplitOptions.None).Length - 1;
    }

    [Fact]
    public async Task Response_topic_of_another_twin_is_a_dead_letter()
    {
        var port = brokers.PortOf("mosquitto");
        var victim = $"e2e:valve-{Guid.NewGuid():N}";
        var evil = $"e2e:evil-{Guid.NewGuid():N}";
        var listener = Ours(await PahoClient.Connect(new PahoOptions(victim, port)));
        await listener.Subscribe($"twins/{victim}/#");
        var device = Ours(await PahoClient.Connect(new PahoOptions(evil, port)));
        await device.Subscribe($"twins/{evil}/errors");
        await device.Subscribe($"twins/{evil}/replies/+");
        await device.Publish($"twins/{evil}/reported", """{"a":1}""");

        string[] topics = [$"twins/{victim}/commands/open/01ARZ3NDEKTSV4RRFFQ69G5FAV", $"twins/{victim}/reported/setpoint", $"twins/{evil}/desired"];
        foreach (var topic in topics)
        {
            await device.Publish(new Publish($"twins/{evil}/get", "") { ResponseTopic = topic });
            Assert.Equal("response-topic-forbidden", (string?)(await device.Receive($"twins/{evil}/errors")).Json["code"]);
        }

        await device.Publish(new Publish($"twins/{evil}/get", "") { ResponseTopic = $"twins/{evil}/replies/1" });
        Assert.Equal(evil, (string?)(await device.Receive($"twins/{evil}/replies/1")).Json["id"]);

        // The broker keeps the order: nothing came before this.
        await listener.Publish($"twins/{victim}/probe", "1");
        Assert.Equal($"twins/{victim}/probe", (await listener.Receive(_ => true, "the first message for the other twin")).Topic);
        Assert.Equal(HttpStatusCode.NotFound, (await Rest.Get($"/twins/{victim}")).Status);
        Assert.Equal(topics.Length, (await Rest.DeadLetters(letter => (string?)letter["twinId"] == evil)).Count);
    }

    private async Task<System.Text.Json.Nodes.JsonNode?> Link(string broker, string member) =>
        (await Rest.Get("/health/ready")).Expect(HttpStatusCode.OK)!["links"]!.AsArray().Single(shown => (string?)shown!["name"] == broker)![member];

    /// <summary>The value of a metric of a link.</summary>
    private async Task<string?> Metric(string name, string link) => Samples().Matches((await Rest.Get("/metrics")).Text)
        .Where(sample => sample.Groups["name"].Value == name && sample.Groups["labels"].Value.Contains($"link=\"{link}\"", StringComparison.Ordinal))
        .Select(sample => sample.Groups["value"].Value)
        .SingleOrDefault();

    [GeneratedRegex("""^(?<name>[a-z_]+)\{(?<labels>[^}]*)\} (?<value>\S+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Samples();
}
