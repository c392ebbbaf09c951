using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Redis;

/// <summary>Reads <c>Twins:Store:Redis</c>, and spells the addresses in it.</summary>
internal static class RedisEndPoints
{
    /// <summary>Parses a connection string.</summary>
    /// <exception cref="StartupRefusedException">It is malformed.</exception>
    public static ConfigurationOptions Parse(string connectionString)
    {
        try
        {
            var configuration = ConfigurationOptions.Parse(connectionString);
            configuration.ClientName ??= "twins";
            return configuration;
        }
        catch (ArgumentException exception)
        {
            throw new StartupRefusedException($"Twins:Store:Redis is no StackExchange.Redis connection string ({exception.Message}); write for example 127.0.0.1:6379.", exception);
        }
    }

    /// <summary>Returns whether every address is on this machine.</summary>
    public static bool AreLocal(ConfigurationOptions configuration) => configuration.EndPoints.All(static endPoint => endPoint switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint dns => dns.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase),
        _ => endPoint is UnixDomainSocketEndPoint,
    });

    /// <summary>Returns an address as the connection string has it, for example <c>redis:6379</c>.</summary>
    public static string Text(EndPoint endPoint) => endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : $"{endPoint}";
}
