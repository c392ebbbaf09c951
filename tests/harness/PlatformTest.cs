namespace Twins.Tests.Harness;

/// <summary>A test on the shared platforms, with devices that go when it ends.</summary>
public abstract class PlatformTest(Platforms platforms) : OwningTest
{
    private readonly HashSet<Platform> _used = [];

    /// <summary>Ids that no other test has.</summary>
    protected static string NewTwinId(string name) => $"e2e:{name}-{Guid.NewGuid():N}";

    /// <summary>The shared platform on this store; the test is skipped where something for it is missing.</summary>
    protected async Task<Platform> On(Store store)
    {
        Require.Components(Component.Paho, Component.Mosquitto);
        Require.StoreServer(store);
        var platform = await platforms.On(store);
        _used.Add(platform);
        return platform;
    }

    /// <summary>Connects a client that goes when the test ends.</summary>
    protected async Task<PahoClient> Connect(PahoOptions options) => Ours(await PahoClient.Connect(options));

    /// <summary>
    /// Connects a device as its link wants it: behind a broker it announces itself on its connection topic, with
    /// its will to tell when it is gone.
    /// </summary>
    protected async Task<PahoClient> ConnectDevice(Platform platform, Link link, string id, int version = 5, bool clean = true)
    {
        var options = new PahoOptions(id, platform.MqttPort(link)) { Version = version, Clean = clean };
        if (link == Link.Gateway)
        {
            return await Connect(options);
        }

        var device = await Connect(options with { Will = new Publish($"twins/{id}/connection", "offline") });
        await device.Publish($"twins/{id}/connection", "online");
        return device;
    }

    /// <summary>Connects a device that listens to its desired deltas, its commands, its errors and its document.</summary>
    protected async Task<PahoClient> ConnectListeningDevice(Platform platform, Link link, string id, int version = 5)
    {
        var device = await ConnectDevice(platform, link, id, version);
        await device.Subscribe($"twins/{id}/desired");
        await device.Subscribe($"twins/{id}/commands/+/+");
        await device.Subscribe($"twins/{id}/errors");
        await device.Subscribe($"twins/{id}/document");
        if (link == Link.Gateway)
        {
            // A first message makes the twin; behind a broker the device has announced itself with one.
            await device.Publish($"twins/{id}/reported", "{}");
        }

        await Eventually.Passes(async () => Assert.Equal("online", await Status(platform, id)));
        return device;
    }

    /// <summary><c>connection.status</c>; null without a twin.</summary>
    protected static async Task<string?> Status(Platform platform, string id)
    {
        var answer = await platform.Rest.Get($"/twins/{id}");
        return (string?)(answer.Status == System.Net.HttpStatusCode.NotFound ? null : answer.Json!["connection"]?["status"]);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var platform in _used)
        {
            TestOutput.ShowIfFailed(platform.Twins);
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
