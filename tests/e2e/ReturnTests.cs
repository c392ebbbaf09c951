using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A device that was away learns what is desired of it when it returns.</summary>
public sealed class ReturnTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [InlineData(Store.Embedded, 4, true)]
    [InlineData(Store.Embedded, 4, false)]
    [InlineData(Store.Embedded, 5, true)]
    [InlineData(Store.Embedded, 5, false)]
    [InlineData(Store.Redis, 4, false)]
    [InlineData(Store.Redis, 5, true)]
    public async Task On_the_gateway_it_gets_the_current_delta_once(Store store, int version, bool clean)
    {
        var platform = await On(store);
        var id = NewTwinId("returns");
        var device = await ConnectDevice(platform, Link.Gateway, id, version, clean);
        await device.Subscribe($"twins/{id}/desired");
        await device.Publish($"twins/{id}/reported", """{"setpoint":35}""");
        await device.Disconnect();
        await Eventually.Passes(async () => Assert.Equal("offline", await Status(platform, id)));

        foreach (var setpoint in new[] { 38, 39, 40 })
        {
            (await platform.Rest.Patch($"/twins/{id}/desired", $$"""{"setpoint":{{setpoint}}}""")).Expect(HttpStatusCode.OK);
        }

        var returned = await ConnectDevice(platform, Link.Gateway, id, version, clean);
        Assert.Equal(!clean, returned.SessionPresent);
        if (clean)
        {
            await returned.Subscribe($"twins/{id}/desired");
        }

        var delta = (await returned.Receive($"twins/{id}/desired")).Json;
        Json.AssertEqual($$"""{"setpoint":40,"$revision":{{delta["$revision"]}}}""", delta);

        // The document comes behind whatever was sent to the device before: a second delta would be here by then.
        await returned.Subscribe($"twins/{id}/document");
        await returned.Publish($"twins/{id}/get", "");
        await returned.Receive($"twins/{id}/document");
        Assert.Single(returned.Inbox.All, message => message.Topic == $"twins/{id}/desired");
    }

    [Theory]
    [InlineData(Store.Embedded, 4)]
    [InlineData(Store.Embedded, 5)]
    [InlineData(Store.Redis, 5)]
    public async Task Behind_a_broker_it_finds_the_current_delta_retained(Store store, int version)
    {
        var platform = await On(store);
        var id = NewTwinId("retained");
        var device = await ConnectListeningDevice(platform, Link.Broker, id, version);
        await device.Publish($"twins/{id}/reported", """{"setpoint":35}""");
        await device.Publish($"twins/{id}/connection", "offline");
        await device.Disconnect();
        await Eventually.Passes(async () => Assert.Equal("offline", await Status(platform, id)));

        foreach (var setpoint in new[] { 38, 39, 40 })
        {
            (await platform.Rest.Patch($"/twins/{id}/desired", $$"""{"setpoint":{{setpoint}}}""")).Expect(HttpStatusCode.OK);
        }

        // It only subscribes: nobody tells the platform, so what it gets is what the broker kept.
        await Eventually.Passes(async () =>
        {
            await using var returned = await PahoClient.Connect(new PahoOptions(id, platform.MqttPort(Link.Broker)) { Version = version });
            await returned.Subscribe($"twins/{id}/desired");
            var message = await returned.Receive($"twins/{id}/desired");
            Assert.True(message.Retained);
            Assert.Equal(40, (int?)message.Json["setpoint"]);
        });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_device_that_announces_itself_behind_a_broker_ends_with_the_current_delta(int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("announces");
        var device = await ConnectListeningDevice(platform, Link.Broker, id, version);
        await device.Publish($"twins/{id}/reported", """{"setpoint":35}""");
        await device.Die();
        await Eventually.Passes(async () => Assert.Equal("offline", await Status(platform, id)));
        (await platform.Rest.Patch($"/twins/{id}/desired", """{"setpoint":40}""")).Expect(HttpStatusCode.OK);

        var returned = await ConnectListeningDevice(platform, Link.Broker, id, version);

        await returned.Receive(m => m.Topic == $"twins/{id}/desired" && (int?)m.Json["setpoint"] == 40, "the delta");
        await returned.Publish($"twins/{id}/reported", """{"setpoint":40}""");
        await Eventually.Passes(async () => Json.AssertEqual("""{"setpoint":40}""", await platform.Rest.Reported(id)));
    }
}
