using System.Net;
using System.Text.RegularExpressions;
using Twins.Contracts.Json;
using Twins.Contracts.Query;

namespace Twins.Silo.Hosting;

/// <summary>Checks the settings before anything starts; each complaint names the setting and what it may be.</summary>
internal static partial class TwinsOptionsRules
{
    public static void Check(TwinsOptions options)
    {
        Range("Store:MemoryMiB", options.Store.MemoryMiB, 1, 65_536);
        Range("Store:FreeMiB", options.Store.FreeMiB ?? 0, 0, 1_048_576);
        Range("Store:PageBytes", options.Store.PageBytes, 512, 65_536);
        if (!System.Numerics.BitOperations.IsPow2(options.Store.PageBytes))
        {
            throw new StartupRefusedException($"Twins:Store:PageBytes is {options.Store.PageBytes}; it may be a power of two from 512 to 65536.");
        }

        Range("Mqtt:Gateway:Port", options.Mqtt.Gateway.Port, 0, 65_535);
        Range("Mqtt:Gateway:TlsPort", options.Mqtt.Gateway.TlsPort, 0, 65_535);
        Range("Mqtt:Gateway:Window", options.Mqtt.Gateway.Window, 1, 10_000);
        Range("Mqtt:Gateway:QueuePerConnection", options.Mqtt.Gateway.QueuePerConnection, 1, 100_000);
        Range("Cluster:SiloPort", options.Cluster.SiloPort, 1, 65_535);
        Range("Cluster:GatewayPort", options.Cluster.GatewayPort, 1, 65_535);
        Range("Cluster:DrainSeconds", options.Cluster.DrainSeconds ?? 0, 0, 300);
        CheckOrigins(options.Api.CorsOrigins);
        Range("Api:EventBuffer", options.Api.EventBuffer, 100, 1_000_000);
        Range("Api:QueriesPerCaller", options.Api.QueriesPerCaller, 1, 1000);
        Range("Api:Queries", options.Api.Queries ?? 1, 1, 10_000);
        Range("Api:WatchMembers", options.Api.WatchMembers, 1, 100_000);
        Range("Devices:IdleSeconds", options.Devices.IdleSeconds, 10, 604_800);
        CheckDevices(options);
        Range("Limits:ReportedBytes", options.Limits.ReportedBytes, 1024, 1024 * 1024);
        Range("Limits:DesiredBytes", options.Limits.DesiredBytes, 1024, 1024 * 1024);
        Range("Limits:TagsBytes", options.Limits.TagsBytes, 1024, 1024 * 1024);
        Range("Limits:CommandBytes", options.Limits.CommandBytes, 1024, 256 * 1024);
        Range("Limits:Depth", options.Limits.Depth, 1, JsonLimits.Max.MaxDepth);
        Range("Limits:NameBytes", options.Limits.NameBytes, 1, JsonLimits.Max.MaxNameBytes);
        Range("Limits:QueueMiB", options.Limits.QueueMiB ?? 1, 1, 65_536);
        Range("DeadLetters:Capacity", options.DeadLetters.Capacity, 1, 1_000_000);
        Range("DeadLetters:CapacityPerTwin", options.DeadLetters.CapacityPerTwin, 1, 1_000_000);
        Filled("Store:DataDirectory", options.Store.DataDirectory);
        Named("Cluster:ServiceId", options.Cluster.ServiceId);
        Named("Cluster:ClusterId", options.Cluster.ClusterId);
        Filled("Cluster:Address", options.Cluster.Address);
        Range("Cluster:ProbeMilliseconds", options.Cluster.ProbeMilliseconds, 200, 30_000);
        if (options.Api.Silo == ApiSiloMode.Remote && options.Store.Redis.Length == 0)
        {
            throw new StartupRefusedException("Twins:Api:Silo is Remote and Twins:Store:Redis is empty; a remote API finds its cluster in Redis: set the connection string that the silos use.");
        }

        CheckDashboard(options.Dashboard);
        CheckGateway(options);
        CheckBrokers(options.Mqtt.Brokers);
    }

    private static void CheckOrigins(IList<string> origins)
    {
        foreach (var origin in origins)
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                || uri.Scheme is not ("http" or "https")
                || !origin.Equals(uri.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase))
            {
                throw new StartupRefusedException($"Twins:Api:CorsOrigins holds \"{origin}\"; an origin is a scheme, a host and a port, like https://ops.example or http://localhost:3000, and \"*\" would let every page change twins.");
            }
        }
    }

    private static void CheckDevices(TwinsOptions options)
    {
        var devices = options.Devices;
        Range("Devices:ClockLead", devices.ClockLead, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        if (devices.SequenceModulus is not (0 or (>= 16 and <= 1L << 32)))
        {
            throw new StartupRefusedException($"Twins:Devices:SequenceModulus is {devices.SequenceModulus}; it may be 0 (counters do not wrap), or 16 to 4294967296.");
        }

        if (devices.InactivityTimeout == TimeSpan.Zero)
        {
            return;
        }

        Range("Devices:InactivityTimeout", devices.InactivityTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromDays(365), " or 0 (never)");
        if (!options.Fleet.Index)
        {
            throw new StartupRefusedException("Twins:Devices:InactivityTimeout is set and Twins:Fleet:Index is false; inactive twins are found with the index: turn it on, or leave the timeout away.");
        }
    }

    private static void CheckDashboard(DashboardOptions dashboard)
    {
        if (dashboard.Username.Length == 0 != (dashboard.Password.Length == 0))
        {
            var (set, missing) = dashboard.Password.Length == 0 ? ("Username", "Password") : ("Password", "Username");
            throw new StartupRefusedException($"Twins:Dashboard:{set} is set and Twins:Dashboard:{missing} is not; the dashboard needs both, and is off with neither.");
        }

        // RFC 7617, section 2: the colon ends the user name.
        if (dashboard.Username.Contains(':', StringComparison.Ordinal))
        {
            throw new StartupRefusedException("Twins:Dashboard:Username contains \":\", which HTTP Basic authentication can not carry; choose another name.");
        }
    }

    private static void CheckGateway(TwinsOptions options)
    {
        var gateway = options.Mqtt.Gateway;
        Filter("Mqtt:Gateway:EventFilter", gateway.EventFilter);
        if (!gateway.Enabled)
        {
            return;
        }

        var address = Ip("Mqtt:Gateway:Address", gateway.Address);
        if (gateway.Port == 0 && gateway.TlsPort == 0)
        {
            throw new StartupRefusedException("Twins:Mqtt:Gateway:Port and TlsPort are both 0; set one of them, or Twins:Mqtt:Gateway:Enabled to false.");
        }

        if (gateway.TlsPort != 0 && string.IsNullOrEmpty(gateway.Certificate))
        {
            throw new StartupRefusedException("Twins:Mqtt:Gateway:TlsPort is set and Twins:Mqtt:Gateway:Certificate is not; name the server certificate (PEM or PFX).");
        }

        for (var i = 0; i < gateway.Users.Count; i++)
        {
            Filled($"Mqtt:Gateway:Users:{i}:Username", gateway.Users[i].Username);
            Filled($"Mqtt:Gateway:Users:{i}:Password", gateway.Users[i].Password);
        }

        StartupChecks.Exposure(options, "Twins:Mqtt:Gateway:Address", address, gateway.Users.Count > 0);
    }

    private static void CheckBrokers(List<BrokerOptions> brokers)
    {
        for (var i = 0; i < brokers.Count; i++)
        {
            var broker = brokers[i];
            Named($"Mqtt:Brokers:{i}:Name", broker.Name);
            Named($"Mqtt:Brokers:{i}:Group", broker.Group);
            Range($"Mqtt:Brokers:{i}:Window", broker.Window, 1, 65_535);
            Filter($"Mqtt:Brokers:{i}:EventFilter", broker.EventFilter);
            if (!Links.Broker.BrokerProtocol.IsSetting(broker.Protocol))
            {
                throw new StartupRefusedException($"Twins:Mqtt:Brokers:{i}:Protocol is \"{broker.Protocol}\"; it may be Auto, 5 or 3.1.1.");
            }

            if (string.Equals(broker.Name, Links.LinkNames.Gateway, StringComparison.OrdinalIgnoreCase))
            {
                throw new StartupRefusedException($"Twins:Mqtt:Brokers:{i}:Name is \"gateway\", which is the silo's own listener; choose another name.");
            }

            if (brokers.FindIndex(other => string.Equals(other.Name, broker.Name, StringComparison.OrdinalIgnoreCase)) != i)
            {
                throw new StartupRefusedException($"Twins:Mqtt:Brokers:{i}:Name \"{broker.Name}\" is used twice; each broker link needs its own name.");
            }

            if (!Uri.TryCreate(broker.Uri, UriKind.Absolute, out var uri) || uri.Scheme is not ("mqtt" or "mqtts") || uri.Host.Length == 0)
            {
                throw new StartupRefusedException($"Twins:Mqtt:Brokers:{i}:Uri \"{broker.Uri}\" is not a broker address; write mqtt://host:1883 or mqtts://host:8883.");
            }
        }
    }

    private static void Range(string setting, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            throw new StartupRefusedException($"Twins:{setting} is {value}; it may be {min} to {max}.");
        }
    }

    private static void Range(string setting, TimeSpan value, TimeSpan min, TimeSpan max, string otherwise = "")
    {
        if (value < min || value > max)
        {
            throw new StartupRefusedException($"Twins:{setting} is {value}; it may be {min} to {max}{otherwise}, as [days.]hours:minutes:seconds.");
        }
    }

    private static void Filled(string setting, string value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new StartupRefusedException($"Twins:{setting} is empty.");
        }
    }

    private static void Named(string setting, string value)
    {
        if (!Name().IsMatch(value))
        {
            throw new StartupRefusedException($"Twins:{setting} is \"{value}\"; it may be 1 to 64 letters, digits, \".\", \"_\" and \"-\".");
        }
    }

    private static void Filter(string setting, string value)
    {
        if (value.Length > 0 && !Rql.TryParseFilter(value, out _, out var problem))
        {
            throw new StartupRefusedException($"Twins:{setting} is no filter: {problem.Detail}.");
        }
    }

    private static IPAddress Ip(string setting, string value) =>
        IPAddress.TryParse(value, out var address)
            ? address
            : throw new StartupRefusedException($"Twins:{setting} is \"{value}\", which is no IP address; write for example 127.0.0.1 or 0.0.0.0.");

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Name();
}
