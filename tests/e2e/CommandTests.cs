using System.Diagnostics;
using System.Globalization;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Commands: from REST to the device and back.</summary>
public sealed class CommandTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [MemberData(nameof(Matrix.StoresLinksAndVersions), MemberType = typeof(Matrix))]
    public async Task A_device_answers_a_command(Store store, Link link, int version)
    {
        var platform = await On(store);
        var id = NewTwinId("answers");
        var device = await ConnectListeningDevice(platform, link, id, version);

        var sending = platform.Rest.Post($"/twins/{id}/commands/reboot?timeout=20s", """{"delay":3}""");
        var command = await ReceiveCommand(device, id, "reboot");
        var payload = command.Json.AsObject();
        // As a user property if the device is connected here with MQTT 5; otherwise, and behind any broker, in the payload.
        var expiresAt = link == Link.Gateway && version == 5
            ? command.UserProperties.Single(property => property.Key == "expiresAt").Value
            : (string?)payload["$expiresAt"];
        Assert.InRange(DateTimeOffset.Parse(expiresAt!, CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        Assert.Equal(link == Link.Broker || version == 4, payload.Remove("$expiresAt"));
        Json.AssertEqual("""{"delay":3}""", payload);
        var commandId = command.Topic.Split('/')[^1];
        var answer = new Publish($"twins/{id}/commands/{commandId}/response", """{"rebooted":true}""");
        await device.Publish(version == 5 ? answer.With("status", "202") : answer);

        var result = (await sending).Expect(HttpStatusCode.OK)!;
        Assert.Equal(commandId, (string?)result["id"]);
        Assert.Equal("answered", (string?)result["status"]);
        Assert.Equal(version == 5 ? 202 : 200, (int?)result["response"]!["status"]);
        Json.AssertEqual("""{"rebooted":true}""", result["response"]!["body"]);

        var stored = (await platform.Rest.Get($"/twins/{id}/commands/{commandId}")).Expect(HttpStatusCode.OK)!;
        Assert.Equal("answered", (string?)stored["status"]);
    }

    [Theory]
    [MemberData(nameof(Matrix.StoresAndLinks), MemberType = typeof(Matrix))]
    public async Task A_command_that_nobody_answers_times_out(Store store, Link link)
    {
        var platform = await On(store);
        var id = NewTwinId("silent");
        var device = await ConnectListeningDevice(platform, link, id);

        var watch = Stopwatch.StartNew();
        // Long enough for a busy disk: a command that is stored after its time is over is not sent at all.
        var answer = await platform.Rest.Post($"/twins/{id}/commands/reboot?timeout=3s", "{}");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(2950), TimeSpan.FromSeconds(12));
        var command = await ReceiveCommand(device, id, "reboot");
        var commandId = command.Topic.Split('/')[^1];
        await Eventually.Passes(async () => Assert.Equal(
            "timedOut", (string?)(await platform.Rest.Get($"/twins/{id}/commands/{commandId}")).Expect(HttpStatusCode.OK)!["status"]));
    }

    [Theory]
    [MemberData(nameof(Matrix.StoresAndLinks), MemberType = typeof(Matrix))]
    public async Task A_command_need_not_be_waited_for(Store store, Link link)
    {
        var platform = await On(store);
        var id = NewTwinId("async");
        var device = await ConnectListeningDevice(platform, link, id);

        var accepted = await platform.Rest.Post($"/twins/{id}/commands/reboot?timeout=20s", "{}", ("Prefer", "respond-async"));
        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        var location = new Uri(new Uri("http://base"), accepted.Headers["Location"]).AbsolutePath;

        var command = await ReceiveCommand(device, id, "reboot");
        var commandId = command.Topic.Split('/')[^1];
        Assert.Equal($"/twins/{id}/commands/{commandId}", Uri.UnescapeDataString(location));
        Assert.Contains((string?)(await platform.Rest.Get(location)).Expect(HttpStatusCode.OK)!["status"], new[] { "pending", "sent" }, StringComparer.Ordinal);

        await device.Publish($"twins/{id}/commands/{commandId}/response", "1");
        await Eventually.Passes(async () =>
        {
            var state = (await platform.Rest.Get(location)).Expect(HttpStatusCode.OK)!;
            Assert.Equal("answered", (string?)state["status"]);
            Json.AssertEqual("1", state["response"]!["body"]);
        });
    }

    [Theory]
    [MemberData(nameof(Matrix.StoresAndLinks), MemberType = typeof(Matrix))]
    public async Task A_command_to_a_device_that_is_away_is_refused(Store store, Link link)
    {
        var platform = await On(store);
        var id = NewTwinId("away");
        var device = await ConnectListeningDevice(platform, link, id);
        if (link == Link.Broker)
        {
            await device.Publish($"twins/{id}/connection", "offline");
        }

        await device.Disconnect();
        await Eventually.Passes(async () => Assert.Equal("offline", await Status(platform, id)));

        var answer = await platform.Rest.Post($"/twins/{id}/commands/reboot?timeout=20s", "{}");
        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.NotEmpty((string)answer.Json!["detail"]!);
    }

    [Theory]
    [InlineData("500ms")]
    [InlineData("1s")]
    [InlineData("3s")]
    [InlineData("20s")]
    public async Task A_command_to_a_device_that_does_not_listen_is_refused_before_its_timeout(string timeout)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("deaf");
        var device = await ConnectDevice(platform, Link.Gateway, id);
        await device.Publish($"twins/{id}/reported", "{}");
        await Eventually.Passes(async () => Assert.Equal("online", await Status(platform, id)));

        var answer = await platform.Rest.Post($"/twins/{id}/commands/reboot?timeout={timeout}", "{}");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("device-not-subscribed", (string?)answer.Json!["code"]);
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_command_to_nobody_is_refused(Store store)
    {
        var platform = await On(store);
        var answer = await platform.Rest.Post($"/twins/{NewTwinId("nobody")}/commands/reboot", "{}");
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Theory]
    [MemberData(nameof(Matrix.StoresAndLinks), MemberType = typeof(Matrix))]
    public async Task A_command_sent_twice_with_one_key_reaches_the_device_once(Store store, Link link)
    {
        var platform = await On(store);
        var id = NewTwinId("key");
        var device = await ConnectListeningDevice(platform, link, id);
        (string, string)[] headers = [("Prefer", "respond-async"), ("Idempotency-Key", "k-1")];

        var first = (await platform.Rest.Post($"/twins/{id}/commands/reboot", "{}", headers)).Expect(HttpStatusCode.Accepted)!;
        var second = (await platform.Rest.Post($"/twins/{id}/commands/reboot", "{}", headers)).Expect(HttpStatusCode.Accepted)!;
        Assert.Equal((string?)first["id"], (string?)second["id"]);

        // A later command is behind both in the device's order: when it comes, the second would have come.
        (await platform.Rest.Post($"/twins/{id}/commands/last", "{}", ("Prefer", "respond-async"))).Expect(HttpStatusCode.Accepted);
        await ReceiveCommand(device, id, "last");
        Assert.Single(device.Inbox.All, message => message.Topic.StartsWith($"twins/{id}/commands/reboot/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Matrix.StoresAndLinks), MemberType = typeof(Matrix))]
    public async Task Commands_in_flight_get_each_their_own_answer(Store store, Link link)
    {
        const int Commands = 20;
        var platform = await On(store);
        var id = NewTwinId("many");
        var device = await ConnectListeningDevice(platform, link, id);

        var sending = Enumerable.Range(0, Commands)
            .Select(i => platform.Rest.Post($"/twins/{id}/commands/double?timeout=20s", $"{i}")).ToArray();
        var received = new List<MqttMessage>();
        for (var i = 0; i < Commands; i++)
        {
            received.Add(await ReceiveCommand(device, id, "double"));
        }

        foreach (var command in Enumerable.Reverse(received))
        {
            await device.Publish($"twins/{id}/commands/{command.Topic.Split('/')[^1]}/response", $"{2 * (int)command.Json}");
        }

        for (var i = 0; i < Commands; i++)
        {
            Assert.Equal(2 * i, (int?)(await sending[i]).Expect(HttpStatusCode.OK)!["response"]!["body"]);
        }
    }

    private static Task<MqttMessage> ReceiveCommand(PahoClient device, string id, string name) => device.Receive(
        message => message.Topic.StartsWith($"twins/{id}/commands/{name}/", StringComparison.Ordinal), $"the command {name}");
}
