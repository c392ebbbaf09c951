using System.Collections.Concurrent;
using MQTTnet;
using MQTTnet.Protocol;
using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;

namespace Twins.Silo.Links.Gateway;

/// <summary>What the platform says, into the sessions of those it is for.</summary>
internal sealed partial class MqttGateway : IDeviceLink, ITwinEventListener
{
    /// <summary>Connections that subscribe to events.</summary>
    private readonly ConcurrentDictionary<GatewayConnection, bool> _listening = new();
    private ITwinEventListener? _listener;

    private string ListenerName => $"{LinkNames.Gateway} {links.Instance}";

    private IEventListenersGrain Listeners => grains.GetGrain<IEventListenersGrain>(0);

    public Task<DeliveryResult> Deliver(OutgoingMessage message)
    {
        // Who asked for an answer on a topic of its own gets it alone.
        var connections = message.ResponseTopic is null ? _roster.Of(message.TwinId) : [];
        if (message.Connection is { } clientId && _connections.TryGetValue(clientId, out var asker) && !connections.Contains(asker))
        {
            connections = connections.Add(asker);
        }

        if (connections.IsEmpty)
        {
            return Task.FromResult(DeliveryResult.NotConnected);
        }

        var encoded = dialect.Encode(message);
        var result = DeliveryResult.NotSubscribed;
        foreach (var connection in connections)
        {
            if (connection.Subscribed(encoded.Topic) is { } qos)
            {
                var enqueued = Enqueue(connection, encoded, qos) ? DeliveryResult.Delivered : DeliveryResult.Busy;
                result = result == DeliveryResult.Delivered ? result : enqueued;
            }
        }

        return Task.FromResult(result);
    }

    public Task<DeviceAttachment?> Locate(string twinId)
    {
        var connections = _roster.Of(twinId);
        return Task.FromResult(connections.IsEmpty ? null : new DeviceAttachment(
            Address,
            dialect.Name,
            connections.Any(connection => connection.Subscribed(NativeTopics.Desired(twinId)) is not null),
            connections.Any(connection => connection.Subscribed(NativeTopics.CommandRequest(twinId, "name", "id")) is not null)));
    }

    public Task OnEvents(TwinEvent[] events)
    {
        foreach (var twinEvent in events)
        {
            Encoded? encoded = null;
            foreach (var connection in _listening.Keys)
            {
                if (connection.Subscribed(NativeTopics.Event(twinEvent.TwinId, twinEvent.Kind)) is { } qos
                    && !Enqueue(connection, encoded ??= dialect.Encode(twinEvent), qos))
                {
                    QueueFull(connection.ClientId, encoded.Topic);
                }
            }
        }

        return Task.CompletedTask;
    }

    private static bool Enqueue(GatewayConnection connection, Encoded encoded, MqttQualityOfServiceLevel granted)
    {
        var message = new MqttApplicationMessage
        {
            Topic = encoded.Topic,
            PayloadSegment = encoded.Payload,
            ContentType = encoded.ContentType,
            PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData,
            CorrelationData = encoded.CorrelationData,
            // The lower of what is published, QoS 1, and what was granted.
            QualityOfServiceLevel = granted == MqttQualityOfServiceLevel.AtMostOnce ? granted : MqttQualityOfServiceLevel.AtLeastOnce,
        };
        return connection.Session.TryEnqueueApplicationMessage(message, out _);
    }

    /// <summary>Returns when whatever happens from now on is told to this gateway.</summary>
    private async Task Listen(GatewayConnection connection)
    {
        _listening[connection] = true;
        _listener ??= grains.CreateObjectReference<ITwinEventListener>(this);
        await Listeners.Subscribe(ListenerName, _listener);
    }

    private async Task RenewListening()
    {
        if (_listening.IsEmpty)
        {
            await StopListening();
        }
        else if (_listener is { } listener)
        {
            await Listeners.Subscribe(ListenerName, listener);
        }
    }

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
                await Listeners.Subscribe(ListenerName, listener);
                return;
            }

            grains.DeleteObjectReference<ITwinEventListener>(listener);
        }
    }

    [LoggerMessage(LogEvents.GatewayQueueFull, LogLevel.Warning, "The queue of client {ClientId} is full; it does not get {Topic}.")]
    private partial void QueueFull(string clientId, string topic);
}
