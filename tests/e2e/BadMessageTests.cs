using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// Poison never blocks: what can not be applied is acknowledged, kept with its reason, told to the device, and the
/// connection goes on.
/// </summary>
public sealed class BadMessageTests(Platforms platforms) : PlatformTest(platforms)
{
    public static TheoryData<Link, string> Messages() =>
        [.. new[] { Link.Gateway, Link.Broker }.SelectMany(link => BadMessages.Names, (link, name) => (link, name))
            // On a broker nothing tells an empty payload from what clears a retained message; see RetainedTests.
            .Where(message => message.link == Link.Gateway || !BadMessages.AreEmpty.Contains(message.name))];

    public static TheoryData<Link, string> Topics()
    {
        TheoryData<Link, string> topics = [];
        foreach (var link in new[] { Link.Gateway, Link.Broker })
        {
            topics.Add(link, "twins/a b/reported");
            topics.Add(link, "twins/a%b/reported");
            topics.Add(link, "twins/.a/reported");
            topics.Add(link, "twins/ü/reported");
            topics.Add(link, $"twins/{new string('x', 129)}/reported");
        }

        // A broker has other topics of its own; on the gateway there is nothing but twins.
        topics.Add(Link.Gateway, "twins//reported");
        topics.Add(Link.Gateway, "twins");
        topics.Add(Link.Gateway, "twins/a");
        topics.Add(Link.Gateway, "sensors/a/temperature");
        topics.Add(Link.Gateway, "/twins/a/reported");
        topics.Add(Link.Gateway, "Twins/a/reported");
        return topics;
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task A_bad_message_is_answered_and_kept_and_the_next_one_arrives(Link link, string name)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("bad");
        var device = await ConnectDevice(platform, link, id);
        await device.Subscribe($"twins/{id}/errors");
        await device.Publish($"twins/{id}/reported", """{"a":"before"}""");
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":"before"}""", await platform.Rest.Reported(id)));

        // Publish returns with the acknowledgement.
        var bad = BadMessages.Of(name, id);
        await device.Publish(bad);

        var problem = (await device.Receive($"twins/{id}/errors")).Json;
        AssertProblem(problem);
        await Eventually.Passes(async () =>
        {
            var letter = Assert.Single(await platform.Rest.DeadLetters(letter => (string?)letter["twinId"] == id));
            Assert.Equal(bad.Topic, (string?)letter["topic"]);
            Assert.Equal(link == Link.Gateway ? "gateway" : "broker", (string?)letter["link"]);
            AssertProblem(letter["problem"]!);
        });

        await device.Publish($"twins/{id}/reported", """{"a":"after"}""");
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":"after"}""", await platform.Rest.Reported(id)));
        Assert.False(device.Disconnected.IsCompleted);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("10 MB")]
    public async Task In_MQTT_3_1_1_as_well(string name)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("bad");
        var device = await ConnectDevice(platform, Link.Gateway, id, version: 4);
        await device.Subscribe($"twins/{id}/errors");

        await device.Publish(BadMessages.Of(name, id));

        AssertProblem((await device.Receive($"twins/{id}/errors")).Json);
        await device.Publish($"twins/{id}/reported", """{"a":"after"}""");
        Json.AssertEqual("""{"a":"after"}""", await platform.Rest.Reported(id));
    }

    [Fact]
    public async Task What_grows_over_the_limit_is_refused_and_what_was_there_stays()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("grows");
        var device = await ConnectDevice(platform, Link.Gateway, id);
        await device.Subscribe($"twins/{id}/errors");
        var half = new string('x', 40 * 1024);

        await device.Publish($"twins/{id}/reported", $$"""{"a":"{{half}}"}""");
        await device.Publish($"twins/{id}/reported", $$"""{"b":"{{half}}"}""");

        AssertProblem((await device.Receive($"twins/{id}/errors")).Json);
        Json.AssertEqual($$"""{"a":"{{half}}"}""", await platform.Rest.Reported(id));
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public async Task A_message_to_nobody_is_kept_and_the_next_one_arrives(Link link, string topic)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("topic");
        var device = await ConnectDevice(platform, link, id);

        // The payload tells our letter from those of the other tests on the same topic.
        await device.Publish(topic, $$"""{"from":"{{id}}"}""");

        await Eventually.Passes(async () =>
        {
            var letters = await platform.Rest.DeadLetters(letter => (string?)letter["topic"] == topic);
            Assert.NotEmpty(letters);
            Assert.All(letters, letter => AssertProblem(letter["problem"]!));
        });
        await device.Publish($"twins/{id}/reported", """{"a":"after"}""");
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":"after"}""", await platform.Rest.Reported(id)));
        Assert.False(device.Disconnected.IsCompleted);
    }

    [Fact]
    public async Task A_hundred_bad_messages_do_not_hold_up_a_good_one()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("hundred");
        var device = await ConnectDevice(platform, Link.Gateway, id);

        var bad = Enumerable.Range(0, 100).Select(_ => device.Publish($"twins/{id}/reported", "bad"));
        var good = device.Publish($"twins/{id}/reported", """{"a":1}""");
        await Task.WhenAll([.. bad, good]);

        Json.AssertEqual("""{"a":1}""", await platform.Rest.Reported(id));
    }

    private static void AssertProblem(JsonNode problem)
    {
        Assert.InRange((int)problem["status"]!, 400, 499);
        var detail = (string?)problem["detail"] ?? "";
        Assert.NotEmpty(detail);
        Assert.DoesNotContain("Exception", detail, StringComparison.Ordinal);
    }
}
