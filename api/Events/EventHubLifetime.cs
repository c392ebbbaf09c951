using Twins.Contracts.Events;

namespace Twins.Api.Events;

/// <summary>Keeps the hub subscribed to what happens in the cluster, for as long as the process runs.</summary>
/// <param name="hub">Who listens.</param>
/// <param name="grains">The way to the cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class EventHubLifetime(EventHub hub, IGrainFactory grains, TimeProvider time, ILogger<EventHubLifetime> logger) : BackgroundService
{
    /// <summary>A third of the 30 s after which <see cref="IEventListenersGrain"/> forgets a listener.</summary>
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);

    /// <summary>How soon a failed subscription is tried again; nothing is heard until it succeeds.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private string Name => "api-" + hub.Stream;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ITwinEventListener? self = null;
        var subscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // The cluster holds the reference weakly; the hub lives as long as the container.
                self ??= grains.CreateObjectReference<ITwinEventListener>(hub);
                await grains.GetGrain<IEventListenersGrain>(0).Subscribe(Name, self);
                if (!subscribed)
                {
                    subscribed = true;
                    OnSubscribed();
                }
            }
            catch (Exception exception)
            {
                // While renewing fails, nobody can say what was not told: the next success begins with a reset.
                subscribed = false;
                LogSubscribeFailed(exception, Retry.TotalSeconds);
            }

            await Task.Delay(subscribed ? Renewal : Retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Leave(self);
    }

    private void OnSubscribed()
    {
        // Whoever came before the subscription, or had it broken off, may have missed something.
        hub.MarkGap();
        LogSubscribed(Name);
    }

    private async Task Leave(ITwinEventListener? self)
    {
        if (self is null)
        {
            return;
        }

        try
        {
            // A courtesy that must not hold up the end: unrenewed, the subscription ends by itself.
            await grains.GetGrain<IEventListenersGrain>(0).Unsubscribe(Name).WaitAsync(Retry, time);
            grains.DeleteObjectReference<ITwinEventListener>(self);
        }
        catch (Exception exception)
        {
            LogUnsubscribeFailed(exception);
        }
    }

    [LoggerMessage(EventId = ApiLogEvents.EventsSubscribed, Level = LogLevel.Information, Message = "Live events: listening as {Name}")]
    private partial void LogSubscribed(string name);

    [LoggerMessage(EventId = ApiLogEvents.EventsSubscribeFailed, Level = LogLevel.Warning, Message = "Live events: could not subscribe; clients hear nothing until it succeeds, next attempt in {Seconds} s")]
    private partial void LogSubscribeFailed(Exception exception, double seconds);

    [LoggerMessage(EventId = ApiLogEvents.EventsUnsubscribeFailed, Level = LogLevel.Debug, Message = "Live events: could not unsubscribe; the subscription ends by itself")]
    private partial void LogUnsubscribeFailed(Exception exception);
}
