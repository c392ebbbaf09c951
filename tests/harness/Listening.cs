using System.Net;
using System.Net.Sockets;

namespace Twins.Tests.Harness;

/// <summary>Waits for a server to listen.</summary>
public static class Listening
{
    /// <summary>Returns when somebody listens on the port; throws when the process has ended instead.</summary>
    /// <param name="address">Where; 127.0.0.1 if it is not said.</param>
    /// <param name="deadline">How long that may take; <see cref="Eventually.Deadline"/> if it is not said.</param>
    public static Task On(int port, ChildProcess process, string name, IPAddress? address = null, TimeSpan? deadline = null) => Eventually.Is(
        async () =>
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"{name} ended with {process.ExitCode}; its output:\n{process.Output}");
            }

            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(address ?? IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        $"{name} to listen on {port}",
        deadline);
}
