using System.Net.Sockets;
using System.Security.Authentication;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using Twins.Silo.Hosting;

namespace Twins.Silo.Links.Broker;

/// <summary>Says in words why a link does not connect, and which setting helps. Never names user, password or payload.</summary>
/// <param name="options">The link.</param>
/// <param name="setting">The key of its settings, for example <c>Twins:Mqtt:Brokers:0</c>.</param>
/// <param name="clientId">Its client id.</param>
internal sealed class BrokerRefusals(BrokerOptions options, string setting, string clientId)
{
    /// <summary>Gets the address of the broker without user and password, for the log.</summary>
    public string Address { get; } = AddressOf(options.Uri);

    /// <summary>Returns why; null is a connection that ended without a reason.</summary>
    public BrokerRefusal Of(Exception? exception)
    {
        var (kind, reason) = Classify(exception);
        return new BrokerRefusal(kind, RemedyOf(kind) is { } remedy ? $"{reason}; {remedy}" : reason);
    }

    private (BrokerRefusalKind Kind, string Reason) Classify(Exception? exception)
    {
        if (exception is null)
        {
            return (BrokerRefusalKind.Closed, "the broker closed the connection");
        }

        if (Find<BrokerRefusedException>(exception) is { } refused)
        {
            return (refused.Kind, refused.Message);
        }

        if (Find<AuthenticationException>(exception) is { } authentication)
        {
            return (BrokerRefusalKind.Tls, $"the TLS handshake failed: {authentication.Message.TrimEnd('.')}");
        }

        // Thrown between CONNECT and CONNACK only.
        if (Find<MqttConnectingFailedException>(exception) is { } connecting && Find<MqttProtocolViolationException>(connecting) is null)
        {
            return (BrokerRefusalKind.ClosedAtConnect, "the broker closed the connection without an answer to CONNECT");
        }

        if (Find<SocketException>(exception) is { } socket)
        {
            return Classify(socket);
        }

        if (Find<IOException>(exception) is { } ended && options.Uri.StartsWith("mqtts:", StringComparison.OrdinalIgnoreCase))
        {
            return (BrokerRefusalKind.Tls, $"the TLS connection failed: {ended.Message.TrimEnd('.')}");
        }

        return exception is OperationCanceledException or TimeoutException or MqttCommunicationTimedOutException
            ? (BrokerRefusalKind.NoAnswer, "the broker did not answer in time")
            : (BrokerRefusalKind.Other, exception.GetBaseException().Message.TrimEnd('.'));
    }

    private (BrokerRefusalKind Kind, string Reason) Classify(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
            (BrokerRefusalKind.HostUnknown, $"the host of {Address} is unknown: {socket.Message.TrimEnd('.')}"),
        SocketError.ConnectionRefused => (BrokerRefusalKind.ConnectionRefused, $"nothing listens at {Address}: {socket.Message.TrimEnd('.')}"),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown or SocketError.TimedOut =>
            (BrokerRefusalKind.Unreachable, $"{Address} cannot be reached: {socket.Message.TrimEnd('.')}"),
        _ => (BrokerRefusalKind.Closed, $"the connection was lost: {socket.Message.TrimEnd('.')}"),
    };

    private string? RemedyOf(BrokerRefusalKind kind) => kind switch
    {
        BrokerRefusalKind.HostUnknown => $"correct {setting}:Uri, or the name service",
        BrokerRefusalKind.ConnectionRefused => $"start the broker, or correct {setting}:Uri",
        BrokerRefusalKind.Unreachable => $"check network and firewall, or correct {setting}:Uri",
        BrokerRefusalKind.Tls => $"the broker's certificate must name the host of {setting}:Uri and be signed by {setting}:CertificateAuthority; without that setting, by an authority that this machine trusts. A port without TLS needs mqtt://",
        BrokerRefusalKind.NoAnswer => $"check that {setting}:Uri is the MQTT port of a broker; a TLS port needs mqtts://",
        BrokerRefusalKind.ClosedAtConnect => $"check the broker's log; a TLS port needs mqtts:// in {setting}:Uri, and a broker that speaks MQTT 3.1.1 only needs {setting}:Protocol Auto or 3.1.1",
        BrokerRefusalKind.ProtocolVersion => $"set {setting}:Protocol to {BrokerProtocol.Auto}, or to the version that the broker speaks",
        BrokerRefusalKind.Credentials => $"correct {setting}:Username and {setting}:Password",
        BrokerRefusalKind.NotAuthorized => $"correct {setting}:Username and {setting}:Password, or let this user connect with client id {clientId}",
        BrokerRefusalKind.ClientId => $"let the broker accept the client id {clientId}; it is made of Twins:Cluster:ServiceId and {setting}:Name",
        BrokerRefusalKind.Banned => $"end the ban of client id {clientId}, user or address at the broker",
        BrokerRefusalKind.Quota => "raise the quota or rate limit of the broker",
        BrokerRefusalKind.Moved => $"set {setting}:Uri to that server",
        BrokerRefusalKind.Subscription => $"let the user in {setting}:Username subscribe to the filters in docs/brokers.md",
        BrokerRefusalKind.SharedSubscriptions => $"set {setting}:Mode to Exclusive",
        BrokerRefusalKind.WildcardSubscriptions => "use a broker with wildcard subscriptions, or enable them",
        BrokerRefusalKind.TakenOver => $"another client uses client id {clientId}: platforms that share a broker need different {setting}:Name or Twins:Cluster:ServiceId",
        _ => null,
    };

    private static T? Find<T>(Exception exception) where T : Exception
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is T found)
            {
                return found;
            }
        }

        return null;
    }

    private static string AddressOf(string uri)
    {
        var broker = new Uri(uri);
        return broker.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port, UriFormat.UriEscaped);
    }
}
