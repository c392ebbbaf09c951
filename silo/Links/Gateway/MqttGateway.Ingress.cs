using System.Text;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Twins.Contracts;
using Twins.Contracts.Topics;

namespace Twins.Silo.Links.Gateway;

/// <summary>What devices publish.</summary>
internal sealed partial class MqttGateway
{
    private async Task Published(InterceptingPublishEventArgs args)
    {
        args.ProcessPublish = false;
        if (args.Response.ReasonCode == MqttPubAckReasonCode.TopicNameInvalid)
        {
            // A topic alias that was never set: the client breaks the protocol (MQTT-3.3.2.3.4).
            args.CloseConnection = true;
            return;
        }

        var publish = args.ApplicationMessage;
        // MQTTnet publishes a will after its connection has ended, with no token of a connection.
        var fromWill = !args.CancellationToken.CanBeCanceled;
        var message = new LinkMessage
        {
            Topic = publish.Topic,
            Payload = publish.Payload,
            Origin = Address,
            Connection = args.ClientId,
            FromWill = fromWill,
            ResponseTopic = string.IsNullOrEmpty(publish.ResponseTopic) ? null : publish.ResponseTopic,
            CorrelationData = publish.CorrelationData,
            UserProperties = publish.UserProperties is { Count: > 0 } properties
                ? [.. properties.Select(property => KeyValuePair.Create(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span)))]
                : [],
        };
        try
        {
            var decoded = ingress.Decode(message);
            var problem = await ingress.Take(message, decoded);
            if (problem is not null)
            {
                args.Response.ReasonCode = ReasonOf(problem);
                args.Response.ReasonString = problem.Detail;
            }

            if (decoded is { Message: not null, TwinId: { } twinId } && !fromWill)
            {
                SpeaksFor(args.ClientId, twinId);
            }
        }
        catch (Exception exception)
        {
            // Not stored, so not acknowledged: the device connects again and repeats it.
            NotTaken(exception, args.ClientId);
            args.CloseConnection = true;
        }
    }

    /// <summary>Notes that a connection speaks for a device, and tells the twin on the first time.</summary>
    private void SpeaksFor(string clientId, string twinId)
    {
        if (_connections.TryGetValue(clientId, out var connection) && connection.Bind(twinId))
        {
            _roster.Add(twinId, connection);
            Announce(
                twinId,
                wantsDesired: connection.Subscribed(NativeTopics.Desired(twinId)) is not null,
                wantsCommands: connection.Subscribed(NativeTopics.CommandsFilter(twinId)) is not null);
        }
    }

    private static MqttPubAckReasonCode ReasonOf(Problem problem) => problem.Code switch
    {
        "topic-not-for-devices" or "device-unknown" => MqttPubAckReasonCode.NotAuthorized,
        _ when problem.Code.StartsWith("topic", StringComparison.Ordinal) || problem.Code == "twin-id-invalid" => MqttPubAckReasonCode.TopicNameInvalid,
        _ when problem.Status is 400 or 413 => MqttPubAckReasonCode.PayloadFormatInvalid,
        _ => MqttPubAckReasonCode.ImplementationSpecificError,
    };

    [LoggerMessage(LogEvents.GatewayMessageNotTaken, LogLevel.Warning, "A message of client {ClientId} could not be stored; its connection is closed without acknowledging it.")]
    private partial void NotTaken(Exception exception, string clientId);
}
