using System.Net;
using System.Net.Sockets;

namespace Twins.Tests.Harness;

/// <summary>Hands out free ports on 127.0.0.1, none of them to two test processes that run at the same time.</summary>
/// <remarks>
/// The ports are divided into blocks. The process that listens on the first port of a block owns the block; the kernel
/// releases it when the process ends, however it ends.
/// </remarks>
public static class Loopback
{
    // Below the ports that Linux gives to outgoing connections (32768–60999): no such connection takes a port between
    // our check and the bind of the server.
    private const int First = 20_000;
    private const int Blocks = 120;
    private const int BlockSize = 100;

    private static readonly Lock s_lock = new();

    // Keeps the sockets that mark our blocks from being collected.
    private static readonly List<Socket> s_owned = [];

    private static int s_next;
    private static int s_end;

    /// <summary>Returns a port on which nobody listens. A process gets each port only once.</summary>
    /// <exception cref="InvalidOperationException">All blocks are in use.</exception>
    public static int FreePort()
    {
        lock (s_lock)
        {
            while (true)
            {
                if (s_next == s_end)
                {
                    s_next = OwnBlock() + 1;
                    s_end = s_next + BlockSize - 1;
                }

                var port = s_next++;
                if (IsFree(port))
                {
                    return port;
                }
            }
        }
    }

    /// <summary>Takes a block that no process owns; returns its first port.</summary>
    private static int OwnBlock()
    {
        // Tests that failed may leave servers behind in the lowest blocks: begin anywhere.
        var start = Random.Shared.Next(Blocks);
        for (var i = 0; i < Blocks; i++)
        {
            var port = First + ((start + i) % Blocks * BlockSize);
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                // To bind is not enough: two sockets with SO_REUSEADDR may bind the same port, but only one may listen.
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                socket.Listen(1);
                s_owned.Add(socket);
                return port;
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }

        throw new InvalidOperationException($"test processes own all ports from {First} to {First + (Blocks * BlockSize) - 1}");
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
