using System.Net.Sockets;
using System.Security.Authentication;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Twins.Simulators.Fleet;

namespace Twins.Simulators.Mqtt;

/// <summary>Turns what the network or the server answered into one sentence.</summary>
internal static class ConnectFailures
{
    public static ConnectFailedException From(Exception exception, FleetOptions options)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new("nobody-listens", $"nothing listens at {options.Broker}; start a broker or gateway there, or name another address", exception);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new("host-unknown", $"host \"{options.Broker.Host}\" is not known; check the broker's address", exception);
                case SocketException { SocketErrorCode: SocketError.TooManyOpenSockets }:
                    return new("too-many-sockets", "this process may not open more sockets; raise its limit (ulimit -n) or run fewer devices", exception);
                case SocketException socket:
                    return new("socket-" + socket.SocketErrorCode, $"{options.Broker} cannot be reached: {socket.Message.TrimEnd('.')}", exception);
                case AuthenticationException:
                    return new("tls", $"TLS with {options.Broker} failed: {cause.Message.TrimEnd('.')}", exception);
                case OperationCanceledException:
                    return new("connect-timeout", $"{options.Broker} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s; is it an MQTT broker?", exception);
            }
        }

        return new("connect-failed", $"connecting to {options.Broker} failed: {exception.Message.TrimEnd('.')}", exception);
    }

    public static ConnectFailedException? From(MqttConnAckPacket answer, FleetOptions options)
    {
        if (options.Protocol == MqttProtocol.V311)
        {
            return answer.ReturnCode switch
            {
                MqttConnectReturnCode.ConnectionAccepted => null,
                MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword or MqttConnectReturnCode.ConnectionRefusedNotAuthorized =>
                    BadCredentials(options),
                MqttConnectReturnCode.ConnectionRefusedUnacceptableProtocolVersion => WrongProtocol(options),
                _ => Refused(options, answer.ReturnCode.ToString(), null),
            };
        }

        return answer.ReasonCode switch
        {
            MqttConnectReasonCode.Success => null,
            MqttConnectReasonCode.BadUserNameOrPassword or MqttConnectReasonCode.NotAuthorized => BadCredentials(options),
            MqttConnectReasonCode.UnsupportedProtocolVersion => WrongProtocol(options),
            _ => Refused(options, answer.ReasonCode.ToString(), answer.ReasonString),
        };
    }

    private static ConnectFailedException BadCredentials(FleetOptions options) =>
        new("bad-credentials", options.Username is null
            ? $"{options.Broker} refuses devices without credentials; give a user name and a password"
            : $"{options.Broker} refuses user \"{options.Username}\" or the password; check both");

    private static ConnectFailedException WrongProtocol(FleetOptions options) =>
        new("wrong-protocol", $"{options.Broker} does not speak MQTT {(options.Protocol == MqttProtocol.V5 ? "5; try 3.1.1" : "3.1.1; try 5")}");

    private static ConnectFailedException Refused(FleetOptions options, string code, string? reason) =>
        new("refused-" + code, $"{options.Broker} refuses the connection: {code}{(string.IsNullOrEmpty(reason) ? "" : $" ({reason})")}");
}
