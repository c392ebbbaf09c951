using System.IO.Hashing;
using System.Text;

namespace Twins.Silo.Links.Fencing;

/// <summary>
/// Names the rights that fencing tokens belong to, as 64-bit hashes: a twin stores the hash with the token. The names are part of the
/// stored format.
/// </summary>
internal static class Rights
{
    /// <summary>Returns the right to a client id of the gateway.</summary>
    public static ulong OfGateway(string clientId) => Hash($"gateway\n{clientId}");

    /// <summary>Returns the right to the session of a broker link.</summary>
    public static ulong OfBroker(string link, string clientId) => Hash($"broker\n{link}\n{clientId}");

    /// <summary>0 says that a message needs no right.</summary>
    private static ulong Hash(string name) => Math.Max(1, XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name)));
}
