using System.Net;
using System.Net.Sockets;

namespace Twins.Tests.Harness;

/// <summary>Free ports on 127.0.0.1.</summary>
public static class Loopback
{
    // Below the ports that Linux gives to outgoing connections (32768–60999), so that none of these takes a port
    // between our look and the server's bind; each port is handed out once per run.
    private const int First = 20_000;
    private const int Count = 12_000;
    private static int s_next = Random.Shared.Next(Count);

    /// <summary>A port nobody listens on.</summary>
    public static int FreePort()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + ((Interlocked.Increment(ref s_next) & int.MaxValue) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"no free port from {First} to {First + Count - 1}");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
