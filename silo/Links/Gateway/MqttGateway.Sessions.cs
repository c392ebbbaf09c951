using System.Security.Cryptography;
using System.Text;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links.Gateway;

/// <summary>Who is connected, and which devices that means.</summary>
internal sealed partial class MqttGateway
{
    /// <summary>Where a session keeps its subscriptions; MQTTnet does not show its own.</summary>
    private const string SubscriptionsItem = "twins.filters";

    private static readonly TimeSpan PresenceTriedFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PresencePause = TimeSpan.FromMilliseconds(500);

    /// <summary>Comings and goings of one device reach its twin in their order.</summary>
    private readonly KeyedQueue _presence = new(int.MaxValue);

    private Task Validate(ValidatingConnectionEventArgs args)
    {
        if (string.IsNullOrEmpty(args.ClientId))
        {
            args.AssignedClientIdentifier = GatewayChannel.AssignedClientId();
        }

        if (_options.Users.Count > 0 && !_options.Users.Exists(user => Same(user.Username, args.UserName) & Same(user.Password, args.Password)))
        {
            args.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            args.ReasonString = "the user name or the password is wrong";
            RefusedUser(args.ClientId, args.RemoteEndPoint);
        }

        return Task.CompletedTask;
    }

    /// <summary>Compares in a time that does not tell how much was right.</summary>
    private static bool Same(string expected, string? given) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(expected)), SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")));

    private async Task Connected(ClientConnectedEventArgs args)
    {
        var subscriptions = SubscriptionsOf(args.SessionItems);
        var session = await _server!.GetSessionAsync(args.ClientId);
        _channels.TryRemove(args.RemoteEndPoint, out var channel);
        var connection = new GatewayConnection(args.ClientId, channel!, session, subscriptions);
        _connections.TryGetValue(args.ClientId, out var before);
        _connections[args.ClientId] = connection;

        // A session that is resumed speaks for its devices at once; so does the heir of a connection taken over.
        var devices = subscriptions.Devices();
        if (before is not null)
        {
            devices.UnionWith(before.Close());
        }

        foreach (var device in devices)
        {
            if (Bind(args.ClientId, device) is { } bound)
            {
                Announce(bound, device);
            }
        }

        foreach (var device in before?.Devices() ?? [])
        {
            _roster.Remove(device, before!);
        }

        if (subscriptions.WantEvents)
        {
            await Listen(connection);
        }
    }

    private Task Disconnected(ClientDisconnectedEventArgs args)
    {
        // Taken over: the heir is on its way, and takes the devices along.
        return args.DisconnectType == MqttClientDisconnectType.Takeover || !_connections.TryRemove(args.ClientId, out var connection)
            ? Task.CompletedTask
            : Leave(connection);
    }

    private async Task Leave(GatewayConnection connection)
    {
        _listening.TryRemove(connection, out _);
        // What it has said is said before it is gone.
        await connection.Channel.Idle();
        var left = connection.Close().Where(device => _roster.Remove(device, connection));
        await Task.WhenAll(left.Select(device => TellTwin(device, twin => twin.Detach(Address))));
    }

    private async Task Subscribing(InterceptingSubscriptionEventArgs args)
    {
        var filter = args.TopicFilter.Topic;
        if (filter.StartsWith("$share/", StringComparison.Ordinal))
        {
            args.Response.ReasonCode = MqttSubscribeReasonCode.SharedSubscriptionsNotSupported;
        }
        else if (!TopicFilter.IsValid(filter))
        {
            args.Response.ReasonCode = MqttSubscribeReasonCode.TopicFilterInvalid;
        }
        else if (SubscriptionsOf(args.SessionItems).IsFullFor(filter))
        {
            args.Response.ReasonCode = MqttSubscribeReasonCode.QuotaExceeded;
        }
        else
        {
            if (GatewayFilters.WantsEvents(filter) && _connections.TryGetValue(args.ClientId, out var connection))
            {
                // Before the SUBACK: what happens after it is told.
                await Listen(connection);
            }

            return;
        }

        args.ProcessSubscription = false;
    }

    private Task Subscribed(ClientSubscribedTopicEventArgs args)
    {
        var filter = args.TopicFilter.Topic;
        SubscriptionsOf(args.SessionItems).Set(filter, args.TopicFilter.QualityOfServiceLevel);
        if (!_connections.TryGetValue(args.ClientId, out var connection))
        {
            return Task.CompletedTask;
        }

        if (GatewayFilters.DeviceOf(filter) is { } named)
        {
            Bind(args.ClientId, named);
        }

        var devices = GatewayFilters.OnlyDevice(filter) is not { } only ? connection.Devices() : connection.SpeaksFor(only) ? [only] : [];
        foreach (var device in devices)
        {
            var wantsDesired = TopicFilter.Matches(NativeTopics.Desired(device), filter);
            var wantsCommands = TopicFilter.Matches(NativeTopics.CommandRequest(device, "name", "id"), filter);
            if (wantsDesired || wantsCommands || GatewayFilters.DeviceOf(filter) == device)
            {
                Announce(device, wantsDesired, wantsCommands);
            }
        }

        return Task.CompletedTask;
    }

    private Task Unsubscribed(ClientUnsubscribedTopicEventArgs args)
    {
        var subscriptions = SubscriptionsOf(args.SessionItems);
        subscriptions.Remove(args.TopicFilter);
        if (_connections.TryGetValue(args.ClientId, out var connection) && !subscriptions.WantEvents)
        {
            _listening.TryRemove(connection, out _);
        }

        return Task.CompletedTask;
    }

    private static GatewaySubscriptions SubscriptionsOf(System.Collections.IDictionary items)
    {
        lock (items)
        {
            if (items[SubscriptionsItem] is not GatewaySubscriptions subscriptions)
            {
                items[SubscriptionsItem] = subscriptions = new GatewaySubscriptions();
            }

            return subscriptions;
        }
    }

    /// <summary>Tells the twin that its device is here. Not awaited: neither SUBACK nor PUBACK promises it.</summary>
    private void Announce(string twinId, bool wantsDesired, bool wantsCommands)
    {
        var attachment = new DeviceAttachment(Address, dialect.Name, wantsDesired, wantsCommands);
        _ = TellTwin(twinId, twin => twin.Attach(attachment));
    }

    /// <summary>Tells the twin, behind what it was told before; catches whatever happens.</summary>
    private Task<bool> TellTwin(string twinId, Func<ITwinGrain, Task> tell) => _presence.Run(twinId, async () =>
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await tell(grains.GetGrain<ITwinGrain>(twinId));
                return true;
            }
            catch (Exception) when (time.GetElapsedTime(started) < PresenceTriedFor)
            {
                await Task.Delay(PresencePause, time);
            }
            catch (Exception exception)
            {
                PresenceFailed(exception, twinId);
                return false;
            }
        }
    }, full: false);

    [LoggerMessage(LogEvents.GatewayRefusedUser, LogLevel.Warning, "Client {ClientId} from {Endpoint} was refused: wrong user name or password.")]
    private partial void RefusedUser(string clientId, System.Net.EndPoint? endpoint);

    [LoggerMessage(LogEvents.TwinPresenceFailed, LogLevel.Warning, "Twin {TwinId} could not be told that its device came or went.")]
    private partial void PresenceFailed(Exception exception, string twinId);
}
