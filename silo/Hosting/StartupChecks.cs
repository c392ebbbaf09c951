using System.Net;
using System.Net.Sockets;

namespace Twins.Silo.Hosting;

/// <summary>Looks, before anything starts, whether everything can: a refusal is one sentence, not a stack trace.</summary>
public static class StartupChecks
{
    /// <summary>Closed by default: refuses where something would listen beyond loopback without credentials.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="setting">The setting that chooses the address, for the sentence.</param>
    /// <param name="address">The address it would listen on.</param>
    /// <param name="hasCredentials">Whether one must present credentials there.</param>
    /// <exception cref="StartupRefusedException">It is open to others and should not be.</exception>
    public static void Exposure(TwinsOptions options, string setting, IPAddress address, bool hasCredentials)
    {
        if (!IPAddress.IsLoopback(address) && !hasCredentials && options.Security.Anonymous != AnonymousAccess.Everywhere)
        {
            throw new StartupRefusedException(
                $"{setting} would listen on {address}, beyond this machine, without credentials; use 127.0.0.1, configure credentials, or set Twins:Security:Anonymous to Everywhere to open it to everybody.");
        }
    }

    /// <summary>Refuses where a port is taken.</summary>
    /// <param name="setting">The setting that chooses the port, for the sentence.</param>
    /// <param name="what">What would listen, for the sentence.</param>
    /// <param name="address">The address it would listen on.</param>
    /// <param name="port">The port; 0 is always free.</param>
    /// <exception cref="StartupRefusedException">It is taken, or may not be used.</exception>
    public static void PortIsFree(string setting, string what, IPAddress address, int port)
    {
        if (port == 0)
        {
            return;
        }

        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new StartupRefusedException(
                exception.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"{what} can not listen on {address}:{port}: the port is in use, perhaps by another Twins; stop that program, or set {setting} to a free port.",
                    SocketError.AccessDenied => $"{what} can not listen on {address}:{port}: this user may not use that port; set {setting} to one above 1023.",
                    SocketError.AddressNotAvailable => $"{what} can not listen on {address}:{port}: this machine has no such address; correct {setting}.",
                    _ => $"{what} can not listen on {address}:{port} ({exception.SocketErrorCode}); correct {setting}.",
                },
                exception);
        }
    }
}
