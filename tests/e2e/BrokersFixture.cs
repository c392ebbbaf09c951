using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A platform with a link to each broker that is installed: Mosquitto, NATS and RabbitMQ.</summary>
public sealed class BrokersFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
    private readonly List<IAsyncDisposable> _servers = [];

    public TwinsProcess Twins { get; private set; } = null!;

    public TwinsRest Rest { get; private set; } = null!;

    public NatsProcess? Nats { get; private set; }

    /// <summary>Returns the port of a broker; the test is skipped if the broker is not installed.</summary>
    public int PortOf(string broker)
    {
        Require.Components(broker switch
        {
            "nats" => [Component.Nats],
            "rabbitmq" => [Component.RabbitMq, Component.Epmd],
            _ => [Component.Mosquitto],
        });
        return _ports[broker];
    }

    public async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho);
        await Task.WhenAll(StartMosquitto(), StartNats(), StartRabbitMq());
        var settings = _ports.Keys.Order(StringComparer.Ordinal).SelectMany((broker, index) => new[]
        {
            KeyValuePair.Create($"Twins:Mqtt:Brokers:{index}:Name", broker),
            KeyValuePair.Create($"Twins:Mqtt:Brokers:{index}:Uri", $"mqtt://127.0.0.1:{_ports[broker]}"),
        });
        Twins = await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            More = settings.ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.Ordinal),
        });
        Rest = new TwinsRest(Twins.Url);
        await Eventually.Is(
            () => _ports.Keys.All(broker => Twins.Output.Contains($"Broker link {broker} is connected", StringComparison.Ordinal)), "all links to connect");
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

    private async Task StartMosquitto()
    {
        if (Component.Mosquitto.Path is not null)
        {
            var mosquitto = await MosquittoProcess.Start();
            Own("mosquitto", mosquitto, mosquitto.Port);
        }
    }

    private async Task StartNats()
    {
        if (Component.Nats.Path is not null)
        {
            Nats = await NatsProcess.Start();
            Own("nats", Nats, Nats.Port);
        }
    }

    private async Task StartRabbitMq()
    {
        if (Component.RabbitMq.Path is not null && Component.Epmd.Path is not null)
        {
            var rabbit = await RabbitMqProcess.Start();
            Own("rabbitmq", rabbit, rabbit.Port);
        }
    }

    private void Own(string name, IAsyncDisposable server, int port)
    {
        lock (_servers)
        {
            _servers.Add(server);
            _ports[name] = port;
        }
    }
}
