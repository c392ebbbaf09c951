using System.Collections.Frozen;

namespace Twins.Tests.Harness;

/// <summary>How a platform process is to run.</summary>
public sealed record TwinsSettings
{
    /// <summary>REST.</summary>
    public int HttpPort { get; init; } = Loopback.FreePort();

    /// <summary>The gateway.</summary>
    public int MqttPort { get; init; } = Loopback.FreePort();

    /// <summary>Silo to silo.</summary>
    public int SiloPort { get; init; } = Loopback.FreePort();

    /// <summary>Client to silo.</summary>
    public int ClientPort { get; init; } = Loopback.FreePort();

    /// <summary>
    /// The address of gateway and silo. REST stays on 127.0.0.1; with another address than that everybody may connect without
    /// credentials.
    /// </summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The embedded store's folder.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>A StackExchange.Redis connection string; null for the embedded store.</summary>
    public string? Redis { get; init; }

    /// <summary>The port of a broker to link to, as the link <see cref="BrokerName"/>.</summary>
    public int? BrokerPort { get; init; }

    /// <summary>The address of that broker.</summary>
    public string BrokerAddress { get; init; } = "127.0.0.1";

    /// <summary>The name of the broker link.</summary>
    public string BrokerName { get; init; } = "broker";

    /// <summary>Further settings, by their configuration key; they win over those above.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>As environment variables.</summary>
    public IReadOnlyDictionary<string, string> ToEnvironment()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["urls"] = $"http://127.0.0.1:{HttpPort}",
            ["Twins:Mqtt:Gateway:Port"] = $"{MqttPort}",
            ["Twins:Store:DataDirectory"] = DataDirectory,

            // One that is killed leaves sockets there, its own and the runtime's.
            ["TMPDIR"] = Path.GetDirectoryName(DataDirectory)!,
            ["Twins:Cluster:SiloPort"] = $"{SiloPort}",
            ["Twins:Cluster:GatewayPort"] = $"{ClientPort}",
        };
        if (Address != "127.0.0.1")
        {
            settings["Twins:Mqtt:Gateway:Address"] = Address;
            settings["Twins:Cluster:Address"] = Address;
            settings["Twins:Security:Anonymous"] = "Everywhere";
        }

        if (Redis is not null)
        {
            settings["Twins:Store:Redis"] = Redis;
        }

        if (BrokerPort is not null)
        {
            settings["Twins:Mqtt:Brokers:0:Name"] = BrokerName;
            settings["Twins:Mqtt:Brokers:0:Uri"] = $"mqtt://{BrokerAddress}:{BrokerPort}";
        }

        foreach (var (key, value) in More)
        {
            settings[key] = value;
        }

        return settings.ToFrozenDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value, StringComparer.Ordinal);
    }
}
