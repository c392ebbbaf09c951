using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Mqtt;

/// <summary>Turns what the network or the server answered into one sentence.</summary>
internal static class ConnectFailures
{
    // What a server of MQTT 3.1.1 answers to a version that it does not know, also to one of MQTT 5, which has no such code.
    private const int OldUnacceptableProtocol = 1;
    private const int OldBadCredentials = 4;
    private const int OldNotAuthorized = 5;

    public static ConnectFailedException From(Exception exception, FleetOptions options, bool timedOut)
    {
        if (timedOut)
        {
            return new("connect-timeout", $"{options.Broker} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s; is it an MQTT broker?", exception);
        }

        // The innermost that says something: those around it only repeat it.
        ConnectFailedException? found = null;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            found = cause switch
            {
                ConnectFailedException failure => failure,
                SocketException socket => From(socket, exception, options),
                AuthenticationException or IOException and not HttpIOException when options.Broker.Tls => new("tls", TlsFailed(cause, options), exception),
                WebSocketException => new("no-websocket", $"{options.Broker} does not open a WebSocket ({cause.Message.TrimEnd('.')}); check host, port and path", exception),
                MqttProtocolViolationException => NoMqtt(options, exception),
                _ => found,
            };
        }

        return found ?? new("connect-failed", $"connecting to {options.Broker} failed: {exception.GetBaseException().Message.TrimEnd('.')}", exception);
    }

    public static ConnectFailedException? From(MqttConnAckPacket answer, FleetOptions options)
    {
        // A server may answer in the other version's words, the version being what it refuses.
        var code = options.Protocol == MqttProtocol.V311 ? (int)answer.ReturnCode : (int)answer.ReasonCode;
        return code switch
        {
            (int)MqttConnectReasonCode.Success => null,
            OldBadCredentials or OldNotAuthorized or (int)MqttConnectReasonCode.BadUserNameOrPassword or (int)MqttConnectReasonCode.NotAuthorized =>
                BadCredentials(options),
            OldUnacceptableProtocol or (int)MqttConnectReasonCode.UnsupportedProtocolVersion => WrongProtocol(options),
            _ when options.Protocol == MqttProtocol.V311 => Refused(options, answer.ReturnCode.ToString(), null),
            _ => Refused(options, answer.ReasonCode.ToString(), answer.ReasonString),
        };
    }

    public static ConnectFailedException HungUp(FleetOptions options) => new(
        "hung-up",
        $"{options.Broker} closed the connection instead of answering; is it an MQTT broker{(options.Broker.Tls ? "" : ", and one without TLS")}?");

    public static ConnectFailedException NoMqtt(FleetOptions options, Exception? inner) =>
        new("no-mqtt", $"{options.Broker} answers, but not in MQTT; check the port", inner);

    private static ConnectFailedException From(SocketException socket, Exception whole, FleetOptions options) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused =>
            new("nobody-listens", $"nothing listens at {options.Broker}; start a broker or gateway there, or name another address", whole),
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
            new("host-unknown", $"host \"{options.Broker.Host}\" is not known; check the broker's address", whole),
        SocketError.TooManyOpenSockets =>
            new("too-many-sockets", "this process may not open more sockets; raise its limit (ulimit -n) or run fewer devices", whole),
        SocketError.AddressNotAvailable =>
            new("no-port-left", $"this machine has no port left for one more connection to {options.Broker}; run fewer devices, or let more of them share a connection", whole),
        SocketError.ConnectionReset => HungUp(options),
        _ => new("socket-" + socket.SocketErrorCode, $"{options.Broker} cannot be reached: {socket.Message.TrimEnd('.')}", whole),
    };

    private static string TlsFailed(Exception cause, FleetOptions options) =>
        $"TLS with {options.Broker} failed: {cause.GetBaseException().Message.TrimEnd('.')}; does it listen with TLS there?";

    private static ConnectFailedException BadCredentials(FleetOptions options) =>
        new("bad-credentials", options.Username is null
            ? $"{options.Broker} refuses devices without credentials; give a user name and a password"
            : $"{options.Broker} refuses user \"{options.Username}\" or the password; check both");

    private static ConnectFailedException WrongProtocol(FleetOptions options) =>
        new("wrong-protocol", $"{options.Broker} does not speak MQTT {(options.Protocol == MqttProtocol.V5 ? "5; try 3.1.1" : "3.1.1; try 5")}");

    private static ConnectFailedException Refused(FleetOptions options, string code, string? reason) =>
        new("refused-" + code, $"{options.Broker} refuses the connection: {code}{(string.IsNullOrEmpty(reason) ? "" : $" ({reason})")}");
}
