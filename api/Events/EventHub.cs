using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Twins.Contracts.Events;
using Twins.Silo.Hosting;

namespace Twins.Api.Events;

/// <summary>
/// Where the cluster tells this process what happens to twins, and clients of live events take it from. Thread-safe.
/// </summary>
internal sealed partial class EventHub : ITwinEventListener
{
    /// <summary>What the ring may hold besides its number of events: 64 MiB, whatever their size.</summary>
    private const long MaxRingBytes = 64L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly EventRing _ring;
    private readonly HashSet<EventClient> _everything = [];
    private readonly Dictionary<string, HashSet<EventClient>> _byTwin = new(StringComparer.Ordinal);
    private readonly ILogger<EventHub> _logger;

    /// <summary>Makes the hub.</summary>
    public EventHub(IOptions<TwinsOptions> options, ILogger<EventHub> logger)
    {
        _ring = new EventRing(options.Value.Api.EventBuffer, MaxRingBytes);
        _logger = logger;
    }

    /// <summary>Which run of which process this is: 64 random bits, in hexadecimal.</summary>
    public string Stream { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>How many clients listen.</summary>
    public int Clients
    {
        get
        {
            lock (_lock)
            {
                return _everything.Count + _byTwin.Sum(twin => twin.Value.Count);
            }
        }
    }

    /// <inheritdoc/>
    public Task OnEvents(TwinEvent[] events)
    {
        lock (_lock)
        {
            foreach (var twinEvent in events)
            {
                Tell(twinEvent);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Tells everybody, those that resume too, that here events may be missing.</summary>
    public void MarkGap()
    {
        lock (_lock)
        {
            Tell(null);
        }
    }

    /// <summary>Starts to listen, from now on or from behind the event that was seen last.</summary>
    /// <param name="twinId">Whose events; null for all.</param>
    /// <param name="lastEventId">The id of the event that was seen last; null for none.</param>
    public Subscription Subscribe(string? twinId, string? lastEventId)
    {
        var client = new EventClient(twinId, () => LogSlowReader(twinId ?? "*", EventClient.Capacity));
        lock (_lock)
        {
            // Backlog and queue are taken under one lock, so that nothing is between them and nothing in both.
            var position = _ring.Newest;
            HubEvent[] backlog = [];
            var reset = false;
            if (lastEventId is not null)
            {
                if (EventId.TryParse(Stream, lastEventId, out var seen) && _ring.TryGetAfter(seen, out var after))
                {
                    backlog = [.. after.Where(next => twinId is null || next.TwinId is null || next.TwinId == twinId)];
                    position = seen;
                }
                else
                {
                    reset = true;
                }
            }

            ClientsOf(twinId).Add(client);
            return new Subscription(client, backlog, EventId.Format(Stream, position), reset);
        }
    }

    /// <summary>Stops to listen.</summary>
    public void Unsubscribe(EventClient client)
    {
        lock (_lock)
        {
            var clients = ClientsOf(client.TwinId);
            clients.Remove(client);
            if (client.TwinId is not null && clients.Count == 0)
            {
                _byTwin.Remove(client.TwinId);
            }
        }
    }

    private void Tell(TwinEvent? twinEvent)
    {
        var next = new HubEvent(_ring.Newest + 1, Stream, twinEvent);
        _ring.Add(next);
        Offer(_everything, next);
        if (twinEvent is null)
        {
            foreach (var clients in _byTwin.Values)
            {
                Offer(clients, next);
            }
        }
        else if (_byTwin.TryGetValue(twinEvent.TwinId, out var clients))
        {
            Offer(clients, next);
        }
    }

    private static void Offer(HashSet<EventClient> clients, HubEvent next)
    {
        foreach (var client in clients)
        {
            client.Offer(next);
        }
    }

    private HashSet<EventClient> ClientsOf(string? twinId)
    {
        if (twinId is null)
        {
            return _everything;
        }

        if (!_byTwin.TryGetValue(twinId, out var clients))
        {
            _byTwin[twinId] = clients = [];
        }

        return clients;
    }

    [LoggerMessage(EventId = ApiLogEvents.EventsSlowReader, Level = LogLevel.Warning, Message = "A reader of the events of {Twin} is slower than they come; with {Capacity} waiting, it misses some and is told so")]
    private partial void LogSlowReader(string twin, int capacity);
}
