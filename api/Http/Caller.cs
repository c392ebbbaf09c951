using System.Net;
using System.Net.Sockets;

namespace Twins.Api.Http;

/// <summary>Identifies who sends a request, so that the queries of one caller do not delay those of others.</summary>
internal static class Caller
{
    /// <summary>A network of IPv6 has 64 bits (RFC 4291, 2.5.1): one host may use many addresses in it.</summary>
    private const int Ipv6NetworkBytes = 8;

    /// <summary>Returns the caller of a request: its IPv4 address or IPv6 network; empty for a connection without an address.</summary>
    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <summary>Returns the caller with an address.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return string.Empty;
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address.ToString();
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(Ipv6NetworkBytes).Clear();
        return new IPAddress(bytes).ToString();
    }
}
