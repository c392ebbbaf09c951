using System.Globalization;

namespace Twins.Faults.Tests;

/// <summary>
/// Three silos with a gateway each, behind a balancer; an API that is their client; a Redis that syncs every write; a
/// Mosquitto that one of the silos is linked to. Where the machine allows, each silo is in a network namespace of its own.
/// </summary>
internal sealed partial class ClusterPlatform : FaultPlatform
{
    private const int Silos = 3;

    /// <summary>As soon as something has changed, if not before it is acknowledged: docs/brokers.md.</summary>
    private const string SavesAtOnce = """
        autosave_on_changes true
        autosave_interval 1
        max_queued_messages 0
        max_inflight_messages 0
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly SiloProcess[] _silos = new SiloProcess[Silos];
    private readonly NetworkMember?[] _places = new NetworkMember?[Silos];
    private PrivateNetwork? _network;
    private RedisProcess _redis = null!;
    private MosquittoProcess _mosquitto = null!;
    private TwinsProcess _api = null!;
    private Balancer _balancer = null!;
    private readonly List<(string Name, string Output)> _ended = [];
    private int _refusedBefore;
    private int _turn;

    private ClusterPlatform()
    {
    }

    public override Uri Rest => _api.Url;

    public override int GatewayPort => _balancer.Port;

    public override int? BrokerPort => _mosquitto.Port;

    public override IEnumerable<(string Name, string Output)> Outputs =>
        [
            ("the API", _api.Output),
            .. _silos.Select((silo, number) => (NameOf(number), silo.Output)),
            .. _ended,
        ];

    public override int RefusedWrites => _refusedBefore + _silos.Sum(silo => RefusedIn(silo.Output));

    private string Host => _network?.Host ?? "127.0.0.1";

    /// <summary>Starts everything; returns when the API is ready and all gateways listen.</summary>
    public static async Task<ClusterPlatform> Start()
    {
        var platform = new ClusterPlatform();
        try
        {
            await platform.StartAll();
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    public override Task BrokerSaved() => _mosquitto.Saved();

    public override async ValueTask DisposeAsync()
    {
        foreach (var thing in (IAsyncDisposable?[])[_balancer, _api, .. _silos, _mosquitto, _redis, _network])
        {
            if (thing is not null)
            {
                await thing.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    private static string NameOf(int silo) => $"silo {(char)('A' + silo)}";

    private async Task StartAll()
    {
        if (await PrivateNetwork.WhyNot() is null)
        {
            _network = await PrivateNetwork.Create();
        }

        string[] addresses = _network is null ? [] : [Host];
        _redis = await RedisProcess.Start(addresses);
        _mosquitto = await MosquittoProcess.Start(durability: SavesAtOnce, addresses: addresses);
        for (var number = 0; number < Silos; number++)
        {
            _places[number] = _network is null ? null : await _network.Add();
            _silos[number] = SiloProcess.Launch(
                Settings() with { Address = _places[number]?.Address ?? "127.0.0.1", BrokerPort = _mosquitto.Port, BrokerAddress = Host },
                inside: _places[number]);
        }

        _api = TwinsProcess.Launch(Settings() with { More = new Dictionary<string, string>(StringComparer.Ordinal) { ["Twins:Api:Silo"] = "Remote" } });
        await Task.WhenAll([_api.Ready(), .. _silos.Select(silo => silo.Ready())]);
        _balancer = new Balancer(_silos.Select(silo => silo.Gateway));

        // Until the link has subscribed for the first time there is nobody to keep messages for.
        await Eventually.Is(() => LinkHolder() is not null, "a silo to connect to Mosquitto");
    }

    private TwinsSettings Settings() => new()
    {
        DataDirectory = _folder.In("data"),
        Redis = $"{Host}:{_redis.Port.ToString(CultureInfo.InvariantCulture)}",
    };
}
