using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Whether a device is there.</summary>
public sealed class PresenceTests(Platforms platforms) : PlatformTest(platforms)
{
    [Theory]
    [MemberData(nameof(Matrix.LinksAndVersions), MemberType = typeof(Matrix))]
    public async Task A_device_comes_goes_and_comes_back(Link link, int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("presence");

        var device = await ConnectDevice(platform, link, id, version);
        await device.Publish($"twins/{id}/reported", """{"a":1}""");
        await Is(platform, id, "online");

        if (link == Link.Broker)
        {
            await device.Publish($"twins/{id}/connection", "offline");
        }

        await device.Disconnect();
        await Is(platform, id, "offline");

        device = await ConnectDevice(platform, link, id, version);
        await device.Subscribe($"twins/{id}/desired");
        await Is(platform, id, "online");

        // Without a word: the socket just ends, and behind a broker the will speaks.
        await device.Die();
        await Is(platform, id, "offline");
        Json.AssertEqual("""{"a":1}""", await platform.Rest.Reported(id));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_device_is_online_as_soon_as_its_session_on_the_gateway_goes_on(int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("resumes");
        var device = await ConnectDevice(platform, Link.Gateway, id, version, clean: false);
        await device.Subscribe($"twins/{id}/desired");
        await device.Publish($"twins/{id}/reported", """{"a":1}""");
        await device.Disconnect();
        await Is(platform, id, "offline");

        await ConnectDevice(platform, Link.Gateway, id, version, clean: false);
        await Is(platform, id, "online");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_gateway_carries_out_a_will(int version)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("will");
        var device = await Connect(new PahoOptions(id, platform.MqttPort(Link.Gateway))
        {
            Version = version,
            Will = new Publish($"twins/{id}/reported", """{"state":"lost"}"""),
        });
        await device.Publish($"twins/{id}/reported", """{"state":"fine"}""");

        await device.Die();

        await Eventually.Passes(async () => Json.AssertEqual("""{"state":"lost"}""", await platform.Rest.Reported(id)));
        await Is(platform, id, "offline");
    }

    [Fact]
    public async Task A_goodbye_cancels_the_will()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("goodbye");
        var device = await Connect(new PahoOptions(id, platform.MqttPort(Link.Gateway))
        {
            Will = new Publish($"twins/{id}/reported", """{"state":"lost"}"""),
        });
        await device.Publish($"twins/{id}/reported", """{"state":"fine"}""");

        await device.Disconnect();

        await Is(platform, id, "offline");
        Json.AssertEqual("""{"state":"fine"}""", await platform.Rest.Reported(id));
    }

    [Fact]
    public async Task A_device_that_falls_silent_is_offline_after_its_keep_alive()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("silent");
        using var silent = new RawDevice(platform.MqttPort(Link.Gateway));

        await silent.Connect(id, keepAliveSeconds: 1);
        await silent.Publish($"twins/{id}/reported", """{"a":1}""");
        await Is(platform, id, "online");

        // It keeps the socket and says nothing: one and a half times the keep-alive is what MQTT grants it.
        await Is(platform, id, "offline");
    }

    private static Task Is(Platform platform, string id, string status) =>
        Eventually.Passes(async () => Assert.Equal(status, await Status(platform, id)));
}
