using Twins.Contracts.Events;

namespace Twins.Api.Events;

/// <summary>
/// Keeps the hub subscribed to what happens in the cluster for as long as somebody wants to know, and a while longer
/// so that who comes back finds what it missed. Where nobody listens, twins keep nothing for listeners.
/// </summary>
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

    /// <summary>How long the hub listens on after the last client has left.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMinutes(5);

    /// <summary>How long a client waits for the hub; behind that it starts, and is told when the hub listens.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _documented = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _wantedAt;

    /// <summary>When documents were wanted last; null while they are not asked for.</summary>
    private long? _documentsWantedAt;
    private ITwinEventListener? _self;
    private string? _memory;

    private string Name => "api-" + hub.Stream;

    private IEventListenersGrain Listeners => grains.GetGrain<IEventListenersGrain>(0);

    /// <summary>Returns when whatever happens from now on reaches the hub, or after 5 s.</summary>
    /// <param name="documents">With the twin's document.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task Listening(bool documents, CancellationToken cancellationToken)
    {
        Task listening;
        lock (_lock)
        {
            _wantedAt = time.GetTimestamp();
            if (documents)
            {
                if (_documentsWantedAt is null)
                {
                    _hurry.TrySetResult();
                }

                _documentsWantedAt = _wantedAt;
            }

            _wanted.TrySetResult();
            listening = documents ? _documented.Task : _listening.Task;
        }

        await listening.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (!stoppingToken.IsCancellationRequested && IsWanted())
            {
                var (hurry, documents) = Wishes();
                var renewed = await Renew(documents);
                await hurry.WaitAsync(renewed ? Renewal : Retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await Leave();
        }
    }

    /// <summary>Whether somebody listens, or did until recently; where nobody did, the next who wants to must say so.</summary>
    private bool IsWanted()
    {
        lock (_lock)
        {
            if (hub.Clients > 0)
            {
                _wantedAt = time.GetTimestamp();
                return true;
            }

            if (time.GetElapsedTime(_wantedAt) < Linger)
            {
                return true;
            }

            _wanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _documented = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _documentsWantedAt = null;
            return false;
        }
    }

    /// <summary>What to ask for now, and what says that more is wanted before the next renewal.</summary>
    private (Task Hurry, bool Documents) Wishes()
    {
        lock (_lock)
        {
            if (_hurry.Task.IsCompleted)
            {
                _hurry = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (_documentsWantedAt is not null && hub.WantsDocuments)
            {
                _documentsWantedAt = time.GetTimestamp();
            }
            else if (_documentsWantedAt is { } last && time.GetElapsedTime(last) >= Linger)
            {
                _documentsWantedAt = null;
                _documented = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return (_hurry.Task, _documentsWantedAt is not null);
        }
    }

    private async Task<bool> Renew(bool documents)
    {
        try
        {
            // The cluster holds the reference weakly; the hub lives as long as the container.
            _self ??= grains.CreateObjectReference<ITwinEventListener>(hub);
            var memory = await Listeners.Listen(Name, _self, waits: false, documents);
            if (memory != _memory)
            {
                // Whoever came before the subscription, or had it broken off, may have missed something.
                _memory = memory;
                hub.MarkGap();
                LogSubscribed(Name);
            }

            Heard(documents);
            return true;
        }
        catch (Exception exception)
        {
            // While renewing fails, nobody can say what was not told: the next success begins with a reset.
            _memory = null;
            LogSubscribeFailed(exception, Retry.TotalSeconds);
            return false;
        }
    }

    private void Heard(bool documents)
    {
        lock (_lock)
        {
            _listening.TrySetResult();
            if (documents)
            {
                _documented.TrySetResult();
            }
        }
    }

    private async Task Leave()
    {
        if (_self is not { } self)
        {
            return;
        }

        _self = null;
        _memory = null;
        try
        {
            // A courtesy that must not hold up the end: unrenewed, the subscription ends by itself.
            await Listeners.Unsubscribe(Name).WaitAsync(Retry, time);
            grains.DeleteObjectReference<ITwinEventListener>(self);
        }
        catch (Exception exception)
        {
            LogUnsubscribeFailed(exception);
        }
    }

    [LoggerMessage(EventId = ApiLogEvents.EventsSubscribed, Level = LogLevel.Debug, Message = "Live events: listening as {Name}")]
    private partial void LogSubscribed(string name);

    [LoggerMessage(EventId = ApiLogEvents.EventsSubscribeFailed, Level = LogLevel.Warning, Message = "Live events: could not subscribe; clients hear nothing until it succeeds, next attempt in {Seconds} s")]
    private partial void LogSubscribeFailed(Exception exception, double seconds);

    [LoggerMessage(EventId = ApiLogEvents.EventsUnsubscribeFailed, Level = LogLevel.Debug, Message = "Live events: could not unsubscribe; the subscription ends by itself")]
    private partial void LogUnsubscribeFailed(Exception exception);
}
