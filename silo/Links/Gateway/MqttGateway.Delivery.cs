using System.Collections.Concurrent;
using MQTTnet.Protocol;
using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Egress;

namespace Twins.Silo.Links.Gateway;

/// <summary>What the platform says, into the sessions of those it is for.</summary>
internal sealed partial class MqttGateway : IDeviceLink, ITwinEventListener
{
    /// <summary>Sessions that subscribe to events.</summary>
    private readonly ConcurrentDictionary<GatewaySession, bool> _listening = new();
    private static readonly TimeSpan ListenWithin = TimeSpan.FromSeconds(1);

    /// <summary>Which events are told; null for all.</summary>
    private readonly EventFilter? _eventFilter = EventFilter.Of(options.Value.Mqtt.Gateway.EventFilter, time);

    private ITwinEventListener? _listener;

    private string ListenerName => $"{LinkNames.Gateway} {links.Instance}";

    private IEventListenersGrain Listeners => grains.GetGrain<IEventListenersGrain>(0);

    public Task<DeliveryResult> Deliver(OutgoingMessage message)
    {
        if (message.Kind == OutgoingMessageKind.Withdrawal)
        {
            // Also from sessions without a connection.
            foreach (var session in _sessions.Values)
            {
                session.Outbox.Withdraw(message.CommandId!);
            }

            return Task.FromResult(DeliveryResult.Delivered);
        }

        // Who asked for an answer on a topic of its own gets it alone.
        var connections = message.ResponseTopic is null ? _roster.Of(message.TwinId) : [];
        if (message.Connection is { } clientId && _connections.TryGetValue(clientId, out var asker) && !connections.Contains(asker))
        {
            connections = connections.Add(asker);
        }

        if (connections.IsEmpty)
        {
            // Where its connection has just moved on, the twin hears of it in a moment, and tries again.
            return Task.FromResult(_moved.ContainsKey(message.TwinId) ? DeliveryResult.Busy : DeliveryResult.NotConnected);
        }

        var (withProperties, without) = ((Encoded?)null, (Encoded?)null);
        var result = DeliveryResult.NotSubscribed;
        foreach (var connection in connections)
        {
            var encoded = connection.Channel.HasProperties ? withProperties ??= dialect.Encode(message, true) : without ??= dialect.Encode(message, false);
            if (connection.Session.Subscribed(encoded.Topic) is { } qos)
            {
                if (message.Kind == OutgoingMessageKind.Desired && !connection.Session.SentRevisions.TryAdvance(message.TwinId, message.Revision))
                {
                    // A newer one is in the session: this one comes from a twin that does not know that another silo has it.
                    metrics.Fenced(LinkNames.Gateway);
                    result = DeliveryResult.Delivered;
                    continue;
                }

                var enqueued = Enqueue(connection.Session, encoded, qos, message) == OutboxAnswer.Taken ? DeliveryResult.Delivered : DeliveryResult.Busy;
                result = result == DeliveryResult.Delivered ? result : enqueued;
            }
        }

        return Task.FromResult(result);
    }

    public Task<DeviceAttachment?> Locate(string twinId)
    {
        var connections = _roster.Of(twinId);
        return Task.FromResult(connections.IsEmpty ? null : new DeviceAttachment(
            connections.MaxBy(connection => connection.Session.Source.Token)!.Session.Source,
            connections.Any(connection => connection.Session.Subscribed(NativeTopics.Desired(twinId)) is not null),
            connections.Any(connection => connection.Session.Subscribed(NativeTopics.CommandRequest(twinId, "name", "id")) is not null)));
    }

    public Task OnEvents(TwinEvent[] events)
    {
        foreach (var twinEvent in events)
        {
            Encoded? encoded = null;
            foreach (var session in _listening.Keys)
            {
                if (session.Subscribed(NativeTopics.Event(twinEvent.TwinId, twinEvent.Kind)) is not { } qos)
                {
                    continue;
                }

                // Asked once, and only where somebody would get it.
                if (encoded is null && _eventFilter?.Holds(twinEvent) == false)
                {
                    break;
                }

                Tell(session, encoded ??= dialect.Encode(twinEvent), qos);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Tells an event. A client that is away for a while gets what it subscribed to with QoS 1 when it comes back, as far as its queue reaches.</summary>
    private void Tell(GatewaySession session, Encoded encoded, MqttQualityOfServiceLevel granted)
    {
        if (granted == MqttQualityOfServiceLevel.AtMostOnce && session.DisconnectedAt is not null)
        {
            return;
        }

        var full = Enqueue(session, encoded, granted) == OutboxAnswer.Full;
        if (full && !session.FullSaid)
        {
            QueueFull(session.ClientId, encoded.Topic);
        }

        session.FullSaid = full;
    }

    private static OutboxAnswer Enqueue(GatewaySession session, Encoded encoded, MqttQualityOfServiceLevel granted, OutgoingMessage? message = null) =>
        session.Outbox.TryAdd(new OutgoingPublish
        {
            Topic = encoded.Topic,
            Payload = encoded.Payload,
            ContentType = encoded.ContentType,
            CorrelationData = encoded.CorrelationData,
            // The lower of what is published, QoS 1, and what was granted.
            Qos = (byte)(granted == MqttQualityOfServiceLevel.AtMostOnce ? 0 : 1),
            TwinId = message?.CommandId is null ? null : message.TwinId,
            CommandId = message?.CommandId,
            ExpiresAt = encoded.ExpiresAt,
        });

    /// <summary>A client has acknowledged a message.</summary>
    private void Done(MessageSource source, OutgoingPublish message)
    {
        if (message is { TwinId: { } twinId, CommandId: { } commandId })
        {
            acknowledgements.Add(source, twinId, commandId);
        }
    }

    /// <summary>Returns when whatever happens from now on is told to this gateway.</summary>
    private async Task Listen(GatewaySession session)
    {
        _listening[session] = true;
        _listener ??= grains.CreateObjectReference<ITwinEventListener>(this);
        await Subscribe(_listener);
    }

    /// <summary>
    /// Before CONNACK: what happens after it is told to a client that goes on with its session. Where some silo does not
    /// answer, the client does not wait for it: the gateway asks again within 10 s.
    /// </summary>
    private async Task ListenAgain(GatewaySession session)
    {
        try
        {
            await Listen(session).WaitAsync(ListenWithin, time);
        }
        catch (Exception exception)
        {
            RenewFailed(exception);
        }
    }

    private async Task RenewListening()
    {
        if (_listening.IsEmpty)
        {
            await StopListening();
        }
        else if (_listener is { } listener)
        {
            await Subscribe(listener);
        }
    }

    private Task<string> Subscribe(ITwinEventListener listener) => Listeners.Listen(ListenerName, listener, waits: false, documents: _eventFilter is not null);

    private async Task StopListening()
    {
        if (_listener is { } listener && _listening.IsEmpty)
        {
            _listener = null;
            await Listeners.Unsubscribe(ListenerName);
            if (!_listening.IsEmpty)
            {
                // Somebody subscribed in between.
                _listener = listener;
                await Subscribe(listener);
                return;
            }

            grains.DeleteObjectReference<ITwinEventListener>(listener);
        }
    }

    [LoggerMessage(LogEvents.GatewayQueueFull, LogLevel.Warning, "The queue of client {ClientId} is full; it does not get {Topic}, nor what follows until it has taken some.")]
    private partial void QueueFull(string clientId, string topic);
}
