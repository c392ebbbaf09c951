using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using StackExchange.Redis;

namespace Twins.Silo.Storage.Redis;

/// <summary>
/// Finds out why a connection to Redis failed at start. The client says "unable to connect" for nearly everything, so this class sends
/// a PING of its own and looks at the answer.
/// </summary>
internal static class RedisDiagnosis
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Returns one sentence that says what is wrong and what to do.</summary>
    /// <param name="configuration">What was connected with.</param>
    /// <param name="exception">What the client says.</param>
    public static async Task<string> OfAsync(ConfigurationOptions configuration, Exception exception)
    {
        var addresses = string.Join(", ", configuration.EndPoints.Select(RedisEndPoints.Text));
        if (RedisFaults.IsRefusal(exception))
        {
            return Refusal(addresses, configuration);
        }

        if (exception.GetBaseException() is AuthenticationException certificate)
        {
            return Certificate(addresses, certificate);
        }

        foreach (var endPoint in configuration.EndPoints)
        {
            if (await AskAsync(endPoint, configuration, exception) is { } reason)
            {
                return reason;
            }
        }

        return $"Redis at {addresses} does not answer; start it, or correct Twins:Store:Redis.";
    }

    private static string Refusal(string addresses, ConfigurationOptions configuration) => string.IsNullOrEmpty(configuration.Password)
        ? $"Redis at {addresses} requires a password and Twins:Store:Redis has none; add password=… (and user=… for an ACL user)."
        : $"Redis at {addresses} refuses the password; correct password (and user) in Twins:Store:Redis.";

    private static string Certificate(string addresses, AuthenticationException exception) =>
        $"Redis at {addresses} has a TLS certificate that this machine does not accept ({exception.Message}); install its authority, or set sslHost in Twins:Store:Redis to the name in the certificate.";

    /// <summary>Returns null if nothing answers there.</summary>
    private static async Task<string?> AskAsync(EndPoint endPoint, ConfigurationOptions configuration, Exception exception)
    {
        var address = RedisEndPoints.Text(endPoint);
        string answer;
        try
        {
            answer = await PingAsync(endPoint);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData)
        {
            return $"the host of Redis at {address} is unknown ({failure.Message}); correct Twins:Store:Redis.";
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionReset)
        {
            answer = "";
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return null;
        }

        return answer switch
        {
            "" when !configuration.Ssl => $"Redis at {address} closes the connection without an answer; if it requires TLS, add ssl=true to Twins:Store:Redis.",
            "" => await HandshakeAsync(endPoint, address, configuration),
            _ when answer[0] is not ('+' or '-') => $"what listens at {address} is not Redis (it answers \"{Printable(answer)}\"); correct Twins:Store:Redis.",
            _ when configuration.Ssl => $"Redis at {address} does not use TLS on this port; remove ssl=true from Twins:Store:Redis, or name its TLS port.",
            _ when answer.StartsWith("-NOAUTH", StringComparison.Ordinal) => Refusal(address, configuration),
            _ when answer.StartsWith("-LOADING", StringComparison.Ordinal) => $"Redis at {address} is still loading its data; start Twins when that is done.",
            _ => $"Redis at {address} answers \"{Printable(answer)}\" and cannot be used: {exception.Message}",
        };
    }

    /// <summary>
    /// A port with TLS closes a connection that begins with PING. The client may have given up before it saw the certificate. Returns null
    /// if there is nothing wrong with that.
    /// </summary>
    private static async Task<string?> HandshakeAsync(EndPoint endPoint, string address, ConfigurationOptions configuration)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, timeout.Token);
            await using var tls = new SslStream(new NetworkStream(socket));
            var host = configuration.SslHost ?? (endPoint as DnsEndPoint)?.Host ?? (endPoint as IPEndPoint)?.Address.ToString() ?? "";
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, timeout.Token);
            return null;
        }
        catch (AuthenticationException exception)
        {
            return Certificate(address, exception);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Returns the first bytes of the answer to PING; empty if the other side closes the connection.</summary>
    private static async Task<string> PingAsync(EndPoint endPoint)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout);
        using var socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(endPoint, timeout.Token);
        await socket.SendAsync("PING\r\n"u8.ToArray(), timeout.Token);
        var answer = new byte[64];
        return Encoding.Latin1.GetString(answer, 0, await socket.ReceiveAsync(answer, timeout.Token));
    }

    /// <summary>Returns the first line of an answer as far as it can be printed.</summary>
    private static string Printable(string answer) => new([.. answer.TakeWhile(static c => c is not ('\r' or '\n')).Take(40).Select(static c => c is < ' ' or > '~' ? '?' : c)]);
}
