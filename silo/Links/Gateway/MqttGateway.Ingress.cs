using System.Collections.Concurrent;
using System.Text;
using MQTTnet.Adapter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Twins.Contracts;
using Twins.Silo.Hosting;

namespace Twins.Silo.Links.Gateway;

/// <summary>What devices publish.</summary>
internal sealed partial class MqttGateway
{
    /// <summary>How long the end of a connection waits for its will.</summary>
    private static readonly TimeSpan WillWithin = TimeSpan.FromSeconds(2);

    /// <summary>The wills that are not taken yet, by client: while the store fails the latest of each.</summary>
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _wills = new(StringComparer.Ordinal);

    private GatewayChannel Open(IMqttChannelAdapter channel) => new(channel, _options.Window, budget, () => ingress.Sheds, metrics, time, Take, NotTaken);

    /// <summary>Returns whether there are file descriptors left for another connection.</summary>
    private bool Accepts()
    {
        var accepted = descriptors.TryAccept(FileDescriptors.GatewayReserve);
        if (!accepted)
        {
            metrics.ConnectionRefused();
            if (!_refusing)
            {
                ConnectionRefused(FileDescriptors.GatewayReserve);
            }
        }

        _refusing = !accepted;
        return accepted;
    }

    /// <summary>Takes a publish on its way from the socket to MQTTnet.</summary>
    private async Task<Problem?> Take(GatewayChannel channel, MqttPublishPacket publish)
    {
        var message = new LinkMessage
        {
            Topic = publish.Topic,
            Payload = publish.Payload,
            Source = channel.Session!.Source,
            ClearsRetained = publish.Retain && publish.Payload.IsEmpty,
            MayShed = publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce,
            Ended = channel.Gone,
            ResponseTopic = string.IsNullOrEmpty(publish.ResponseTopic) ? null : publish.ResponseTopic,
            CorrelationData = publish.CorrelationData,
            UserProperties = Properties(publish.UserProperties),
        };
        var decoded = ingress.Decode(message);
        // Before it is taken: should the connection end meanwhile, it is known whose connection ended.
        var appeared = decoded is { Message: not null, TwinId: { } spoken } && Bind(channel.Session!, spoken) ? channel.Session : null;
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
            await TakeWill(args).WaitAsync(WillWithin, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TakeWill(InterceptingPublishEventArgs args)
    {
        var replaced = new CancellationTokenSource();
        try
        {
            var session = SessionOf(args.SessionItems);
            if (session.TakenOverAt is not null)
            {
                // The client is not lost: it has another connection, and what this one would say may be over by now.
                return;
            }

            // What the connection has left waiting is dropped if the store does not take it, and so is an earlier will.
            session.Channel.Leave();
            _wills.AddOrUpdate(args.ClientId, replaced, (_, earlier) =>
            {
                earlier.Cancel();
                return replaced;
            });

            // It was said last.
            await session.Channel.Idle();

            await ingress.Take(new LinkMessage
            {
                Topic = args.ApplicationMessage.Topic,
                Payload = args.ApplicationMessage.Payload,
                Source = session.Source,
                FromWill = true,
                MayShed = args.ApplicationMessage.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce,
                Ended = replaced.Token,
                UserProperties = Properties(args.ApplicationMessage.UserProperties),
            });
        }
        catch (Exception exception)
        {
            WillNotTaken(exception, args.ClientId);
        }
        finally
        {
            _wills.TryRemove(new KeyValuePair<string, CancellationTokenSource>(args.ClientId, replaced));
        }
    }

    private static KeyValuePair<string, string>[] Properties(List<MqttUserProperty>? properties) => properties is { Count: > 0 }
        ? [.. properties.Select(property => KeyValuePair.Create(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span)))]
        : [];

    private void NotTaken(string clientId, Exception exception) => NotStored(clientId, exception.GetBaseException().Message);

    [LoggerMessage(LogEvents.GatewayMessageNotTaken, LogLevel.Warning, "A message of client {ClientId} could not be stored ({Reason}): it is not acknowledged, and the connection is closed so that it is repeated; QoS 0 is shed.")]
    private partial void NotStored(string clientId, string reason);

    [LoggerMessage(LogEvents.GatewayConnectionRefused, LogLevel.Warning, "Refused a connection: fewer than {Reserve} file descriptors are free. Raise the limit of the process (ulimit -n).")]
    private partial void ConnectionRefused(int reserve);

    [LoggerMessage(LogEvents.GatewayWillNotTaken, LogLevel.Warning, "The will of client {ClientId} could not be stored.")]
    private partial void WillNotTaken(Exception exception, string clientId);
}
