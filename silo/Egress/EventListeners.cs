using Twins.Contracts.Events;
using Twins.Contracts.Twins;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Egress;

/// <summary>Who listens to events, as this silo knows it: pushed by the grain, and asked for every 10 s.</summary>
internal sealed partial class EventListeners(IGrainFactory grains, ILocalSiloDetails silo, TwinsMetrics metrics, TimeProvider time, ILogger<EventListeners> logger)
    : BackgroundService, ISiloListeners
{
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

    private volatile ListenerRegistration[] _listeners = [];
    private volatile bool _wantDocuments;
    private long _dropped;

    /// <summary>Whether anybody listens: where nobody does, nothing is kept for them.</summary>
    public bool Any => _listeners.Length > 0;

    /// <summary>Whether somebody wants the twin's document with each event: where nobody does, none is rendered.</summary>
    public bool WantDocuments => _wantDocuments;

    public Task Update(ListenerRegistration[] listeners)
    {
        Know(listeners);
        return Task.CompletedTask;
    }

    /// <summary>Tells all who listen; returns when each has taken the events, or is past taking them.</summary>
    /// <exception cref="TwinUnavailableException">One of them will take them later; tell them again.</exception>
    public Task Tell(TwinEvent[] events)
    {
        var listeners = _listeners;
        var bare = Array.Exists(events, told => told.Document is not null) && Array.Exists(listeners, listener => !listener.Documents)
            ? [.. events.Select(told => told with { Document = null })]
            : events;
        return Task.WhenAll(listeners.Select(listener => Tell(listener, listener.Documents ? events : bare)));
    }

    /// <summary>A twin has given up an event, because its listeners have not taken events for too long.</summary>
    public void Dropped()
    {
        metrics.EventDropped();
        Interlocked.Increment(ref _dropped);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var self = grains.CreateObjectReference<ISiloListeners>(this);
        using var timer = new PeriodicTimer(RenewEvery, time);
        try
        {
            do
            {
                SayWhatWasDropped();
                try
                {
                    Know(await grains.GetGrain<ISiloListenersGrain>(0).Watch(silo.SiloAddress.ToParsableString(), self, _listeners));
                }
                catch (Exception exception)
                {
                    RenewFailed(exception);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private void Know(ListenerRegistration[] listeners)
    {
        _wantDocuments = Array.Exists(listeners, listener => listener.Documents);
        _listeners = listeners;
    }

    /// <summary>One line, however many twins there are: a listener that is away is away for all.</summary>
    private void SayWhatWasDropped()
    {
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
        {
            EventsDropped(dropped, string.Join(", ", _listeners.Select(listener => listener.Name)));
        }
    }

    private async Task Tell(ListenerRegistration listener, TwinEvent[] events)
    {
        // Twice: the first call may have gone through a silo that died, though the listener lives.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await listener.Listener.OnEvents(events);
                return;
            }
            catch (TwinUnavailableException)
            {
                // It is there and can not take them now, a broker link that is down: the twin keeps them and tells them
                // again, and who has had them already knows them by their ids.
                throw;
            }
            catch (Exception) when (attempt == 1)
            {
                // Again.
            }
            catch (Exception exception) when (listener.Waits)
            {
                throw new TwinUnavailableException($"{listener.Name} does not answer; another silo takes its place", exception);
            }
            catch (Exception exception)
            {
                ListenerFailed(exception, listener.Name, events.Length);
                await Abandon(listener);
                return;
            }
        }
    }

    /// <summary>Twins do not wait for a listener that is gone; one that lives subscribes again, and learns that it missed something.</summary>
    private async Task Abandon(ListenerRegistration listener)
    {
        try
        {
            await grains.GetGrain<ISiloListenersGrain>(0).Missed(listener);
        }
        catch (Exception exception)
        {
            throw new TwinUnavailableException($"listener {listener.Name} can not be told that it missed events", exception);
        }
    }

    [LoggerMessage(LogEvents.TwinEventsDropped, LogLevel.Warning, "Twins have dropped {Count} events: not all who listen ({Listeners}) have taken events for a while.")]
    private partial void EventsDropped(long count, string listeners);

    [LoggerMessage(LogEvents.ListenerFailed, LogLevel.Warning, "Listener {Name} did not take {Count} events.")]
    private partial void ListenerFailed(Exception exception, string name, int count);

    [LoggerMessage(LogEvents.ListenerRenewFailed, LogLevel.Warning, "Who listens to events could not be asked; it is tried again in 10 s.")]
    private partial void RenewFailed(Exception exception);
}
