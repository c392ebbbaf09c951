namespace Twins.Tests.Harness;

/// <summary>
/// A platform process with everything it hangs on: its store, its gateway, and a real Mosquitto on the broker link.
/// </summary>
public sealed class Platform : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IAsyncDisposable> _servers = [];

    private Platform()
    {
    }

    /// <summary>The running process.</summary>
    public TwinsProcess Twins { get; private set; } = null!;

    /// <summary>Its REST.</summary>
    public TwinsRest Rest { get; private set; } = null!;

    /// <summary>The broker it is linked to; null without one.</summary>
    public MosquittoProcess? Broker { get; private set; }

    /// <summary>Its Redis; null on the embedded store.</summary>
    public RedisProcess? Redis { get; private set; }

    /// <summary>Starts everything.</summary>
    /// <param name="broker">Whether with a Mosquitto and a link to it.</param>
    public static async Task<Platform> Start(Store store, bool broker)
    {
        var platform = new Platform();
        try
        {
            if (store == Store.Redis)
            {
                platform._servers.Add(platform.Redis = await RedisProcess.Start());
            }

            if (broker)
            {
                platform._servers.Add(platform.Broker = await MosquittoProcess.Start());
            }

            platform.Twins = await TwinsProcess.Start(new TwinsSettings
            {
                DataDirectory = platform._folder.In("data"),
                Redis = platform.Redis?.ConnectionString,
                BrokerPort = platform.Broker?.Port,
            });
            platform.Rest = new TwinsRest(platform.Twins.Url);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where the devices of a link connect.</summary>
    public int MqttPort(Link link) => link == Link.Gateway
        ? Twins.Settings.MqttPort
        : Broker?.Port ?? throw new InvalidOperationException("this platform was started without a broker");

    /// <summary>Starts the process again with the same settings and data; it must be gone.</summary>
    public async Task StartAgain()
    {
        var settings = Twins.Settings;
        await Twins.DisposeAsync();
        Twins = TwinsProcess.Launch(settings);
        await Twins.Ready();
    }

    public async ValueTask DisposeAsync()
    {
        Rest?.Dispose();
        if (Twins is not null)
        {
            await Twins.DisposeAsync();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
