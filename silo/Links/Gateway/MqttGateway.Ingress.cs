using System.Text;
using MQTTnet.Adapter;
using MQTTnet.Packets;
using MQTTnet.Server;
using Twins.Contracts;
using Twins.Contracts.Topics;

namespace Twins.Silo.Links.Gateway;

/// <summary>What devices publish.</summary>
internal sealed partial class MqttGateway
{
    private GatewayChannel Open(IMqttChannelAdapter channel)
    {
        var opened = new GatewayChannel(channel, _options.Window, metrics, time, Take, NotTaken);
        // Until its CONNECT is answered it is known by the address it came from.
        _channels[channel.RemoteEndPoint] = opened;
        return opened;
    }

    /// <summary>Takes a publish on its way from the socket to MQTTnet.</summary>
    private async Task<Problem?> Take(GatewayChannel channel, MqttPublishPacket publish)
    {
        var message = new LinkMessage
        {
            Topic = publish.Topic,
            Payload = publish.Payload,
            Origin = Address,
            Connection = channel.ClientId,
            ResponseTopic = string.IsNullOrEmpty(publish.ResponseTopic) ? null : publish.ResponseTopic,
            CorrelationData = publish.CorrelationData,
            UserProperties = Properties(publish.UserProperties),
        };
        var decoded = ingress.Decode(message);
        // Before it is taken: should the connection end meanwhile, it is known whose connection ended.
        var appeared = decoded is { Message: not null, TwinId: { } spoken } ? Bind(channel.ClientId, spoken) : null;
        var problem = await ingress.Take(message, decoded);
        if (appeared is not null)
        {
            Announce(appeared, decoded.TwinId!);
        }

        return problem;
    }

    /// <summary>
    /// What comes to MQTTnet: a will, or a publish that <see cref="GatewayChannel"/> leaves to it to refuse.
    /// </summary>
    private async Task Intercept(InterceptingPublishEventArgs args)
    {
        args.ProcessPublish = false;
        if (args.CancellationToken.CanBeCanceled)
        {
            // From the socket: a topic alias that was never set, which breaks the protocol (MQTT-3.3.2.3.4).
            args.CloseConnection = true;
        }
        else
        {
            await TakeWill(args);
        }
    }

    private async Task TakeWill(InterceptingPublishEventArgs args)
    {
        try
        {
            if (_connections.TryGetValue(args.ClientId, out var connection))
            {
                // It was said last.
                await connection.Channel.Idle();
            }

            await ingress.Take(new LinkMessage
            {
                Topic = args.ApplicationMessage.Topic,
                Payload = args.ApplicationMessage.Payload,
                Origin = Address,
                Connection = args.ClientId,
                FromWill = true,
                UserProperties = Properties(args.ApplicationMessage.UserProperties),
            });
        }
        catch (Exception exception)
        {
            WillNotTaken(exception, args.ClientId);
        }
    }

    /// <summary>Notes that a connection speaks for a device; answers the connection if that is new.</summary>
    private GatewayConnection? Bind(string clientId, string twinId)
    {
        if (!_connections.TryGetValue(clientId, out var connection) || !connection.Bind(twinId))
        {
            return null;
        }

        _roster.Add(twinId, connection);
        return connection;
    }

    /// <summary>Tells the twin that its device is here, and what it listens to.</summary>
    private void Announce(GatewayConnection connection, string twinId) => Announce(
        twinId,
        wantsDesired: connection.Subscribed(NativeTopics.Desired(twinId)) is not null,
        wantsCommands: connection.Subscribed(NativeTopics.CommandRequest(twinId, "name", "id")) is not null);

    private static KeyValuePair<string, string>[] Properties(List<MqttUserProperty>? properties) => properties is { Count: > 0 }
        ? [.. properties.Select(property => KeyValuePair.Create(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span)))]
        : [];

    private void NotTaken(string clientId, Exception exception) => NotStored(clientId, exception.GetBaseException().Message);

    [LoggerMessage(LogEvents.GatewayMessageNotTaken, LogLevel.Warning, "A message of client {ClientId} could not be stored ({Reason}): it is not acknowledged, and the connection is closed so that it is repeated; QoS 0 is shed.")]
    private partial void NotStored(string clientId, string reason);

    [LoggerMessage(LogEvents.GatewayWillNotTaken, LogLevel.Warning, "The will of client {ClientId} could not be stored.")]
    private partial void WillNotTaken(Exception exception, string clientId);
}
