using MQTTnet.Protocol;
using MQTTnet.Server;
using Twins.Contracts.Topics;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Gateway;

/// <summary>What clients subscribe to. MQTTnet keeps the same list, but it does not show it, nor can it be given one.</summary>
internal sealed partial class MqttGateway
{
    private const int StoreTries = 3;

    private const string TopicsOfPlatform = "a device subscribes to twins/{id}/desired, twins/{id}/commands/+/+, twins/{id}/errors and twins/{id}/document, an application to twins/{id}/events/+";

    private static readonly TimeSpan StorePause = TimeSpan.FromMilliseconds(500);

    private readonly LogQuota _subscriptionLog = new(perMinute: 10, time);

    private async Task Subscribing(InterceptingSubscriptionEventArgs args)
    {
        var session = SessionOf(args.SessionItems);
        var filter = args.TopicFilter.Topic;
        if (!TopicFilter.IsValid(filter))
        {
            args.Response.ReasonCode = MqttSubscribeReasonCode.TopicFilterInvalid;
            args.ReasonString = "not a topic filter: + stands alone in a level, # alone in the last one";
        }
        else if (session.Subscriptions.IsFullFor(filter))
        {
            args.Response.ReasonCode = MqttSubscribeReasonCode.QuotaExceeded;
            args.ReasonString = $"a session has at most {GatewaySubscriptions.Most} subscriptions; use wildcards";
        }
        else
        {
            if (GatewayFilters.WantsEvents(filter))
            {
                // Before the SUBACK: what happens after it is told.
                await Listen(session);
            }

            if (!GatewayFilters.IsOfPlatform(filter))
            {
                args.ReasonString = "nothing is sent on these topics except answers to requests that name one as response topic; " + TopicsOfPlatform;
                if (_subscriptionLog.Take())
                {
                    SubscribedToNothing(_logger, LogText.Of(session.ClientId), LogText.Of(filter), TopicsOfPlatform);
                }
            }

            return;
        }

        args.ProcessSubscription = false;
    }

    private Task Subscribed(ClientSubscribedTopicEventArgs args)
    {
        var session = SessionOf(args.SessionItems);
        var filter = args.TopicFilter.Topic;
        session.Subscriptions.Set(filter, args.TopicFilter.QualityOfServiceLevel);
        if (session.Connection is not { } connection)
        {
            return Task.CompletedTask;
        }

        if (GatewayFilters.DeviceOf(filter) is { } named)
        {
            Bind(session, named);
        }

        var devices = GatewayFilters.OnlyDevice(filter) is not { } only ? connection.Devices() : connection.SpeaksFor(only) ? [only] : [];
        foreach (var device in devices)
        {
            var wantsDesired = TopicFilter.Matches(NativeTopics.Desired(device), filter);
            var wantsCommands = TopicFilter.Matches(NativeTopics.CommandRequest(device, "name", "id"), filter);
            if (wantsDesired || wantsCommands || GatewayFilters.DeviceOf(filter) == device)
            {
                Announce(session, device, wantsDesired, wantsCommands);
            }
        }

        return Task.CompletedTask;
    }

    private Task Unsubscribing(InterceptingUnsubscriptionEventArgs args)
    {
        if (SessionOf(args.SessionItems).Subscriptions.Contains(args.Topic))
        {
            // MQTTnet does not know of those that came with the session.
            args.Response.ReasonCode = MqttUnsubscribeReasonCode.Success;
        }

        return Task.CompletedTask;
    }

    private Task Unsubscribed(ClientUnsubscribedTopicEventArgs args)
    {
        var session = SessionOf(args.SessionItems);
        session.Subscriptions.Remove(args.TopicFilter);
        if (!session.Subscriptions.WantEvents)
        {
            _listening.TryRemove(session, out _);
        }

        return Task.CompletedTask;
    }

    /// <summary>Stores what a session subscribes to, before the client is told that it does.</summary>
    private async Task StoreSubscriptions(GatewaySession session, SessionSubscription[] subscriptions)
    {
        var grain = grains.GetGrain<IGatewaySessionGrain>(session.ClientId);
        var delay = StorePause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await grain.Store(session.Claim.Id, subscriptions) || (await grain.Renew(session.Claim, session.DisconnectedAt) && await grain.Store(session.Claim.Id, subscriptions)))
                {
                    return;
                }

                break;
            }
            catch (Exception exception) when (retry.IsOfStore(exception) && session.DisconnectedAt is null && session.TakenOverAt is null && !session.Channel.Gone.IsCancellationRequested)
            {
                // The client waits for its SUBACK for as long as the store fails, or goes.
                attempt = 0;
                await retry.DelayAsync(delay);
                delay = StoreRetry.Longer(delay);
            }
            catch (Exception) when (attempt < StoreTries)
            {
                await Task.Delay(StorePause, time);
            }
        }

        throw new InvalidOperationException("the client has another connection");
    }

    [LoggerMessage(LogEvents.GatewaySubscribedToNothing, LogLevel.Warning, "Client {ClientId} has subscribed to {Filter}; nothing is sent on such topics: {Topics}.")]
    private static partial void SubscribedToNothing(ILogger logger, string clientId, string filter, string topics);
}
