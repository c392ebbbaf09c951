using System.Net;
using System.Net.Sockets;

namespace Twins.Tests.Harness;

/// <summary>Waits for a server to listen.</summary>
public static class Listening
{
    /// <summary>Returns when somebody listens on the port; throws when the process has ended instead.</summary>
    public static Task On(int port, ChildProcess process, string name) => Eventually.Is(
        async () =>
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{name} ended with {process.ExitCode}; its output:\n{process.Output}");
            }

            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        $"{name} to listen on {port}");
}
