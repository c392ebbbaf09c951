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
    private readonly HubClients _clients = new();
    private readonly TimeProvider _time;
    private readonly ILogger<EventHub> _logger;

    /// <summary>Makes the hub.</summary>
    public EventHub(IOptions<TwinsOptions> options, TimeProvider time, ILogger<EventHub> logger)
    {
        _ring = new EventRing(options.Value.Api.EventBuffer, MaxRingBytes);
        _time = time;
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
                return _clients.Count;
            }
        }
    }

    /// <summary>Some client needs the twin's document with each event.</summary>
    public bool WantsDocuments
    {
        get
        {
            lock (_lock)
            {
                return _clients.WantDocuments;
            }
        }
    }

    /// <summary>Where the stream stands.</summary>
    public string Position
    {
        get
        {
            lock (_lock)
            {
                return EventId.Format(Stream, _ring.Newest);
            }
        }
    }

    /// <summary>
    /// Where a client may go on from though it was told nothing up to there, because nothing was for it; null while something waits that
    /// it must be told first. Else one that seldom hears would come back with an id that has long left the ring.
    /// </summary>
    public string? PositionOf(EventClient client)
    {
        lock (_lock)
        {
            // What is counted was offered under the same lock; so it waits, or was taken by who asks here.
            return client.IsEmpty ? EventId.Format(Stream, _ring.Newest) : null;
        }
    }

    /// <inheritdoc/>
    public Task OnEvents(TwinEvent[] events)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            foreach (var twinEvent in events)
            {
                _clients.Tell(Keep(twinEvent), now);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Tells everybody, those that resume too, that here events may be missing.</summary>
    public void MarkGap()
    {
        lock (_lock)
        {
            _clients.TellAll(Keep(null));
        }
    }

    /// <summary>Starts to listen, from now on or from behind the event that was seen last.</summary>
    /// <param name="wish">Which events.</param>
    /// <param name="lastEventId">The id of the event that was seen last; null for none.</param>
    public Subscription Subscribe(EventWish wish, string? lastEventId)
    {
        var client = new EventClient(wish, waiting => LogSlowReader(wish.TwinId ?? "*", waiting));
        HubEvent[] missed = [];
        long newest, position;
        var reset = false;
        lock (_lock)
        {
            // Backlog and queue are taken under one lock, so that nothing is between them and nothing in both.
            position = newest = _ring.Newest;
            if (lastEventId is not null)
            {
                if (EventId.TryParse(Stream, lastEventId, out var seen) && _ring.TryGetAfter(seen, out var after))
                {
                    missed = [.. after.Where(next => IsWanted(next, wish))];
                    position = seen;
                }
                else
                {
                    reset = true;
                }
            }

            _clients.Add(client);
        }

        return Backlog.TryFilter(missed, wish.Filter, _time.GetUtcNow(), out var backlog)
            ? new Subscription(client, backlog, EventId.Format(Stream, position), reset)
            : new Subscription(client, [], EventId.Format(Stream, newest), Reset: true);
    }

    /// <summary>Tells a client what happens from now on.</summary>
    public void Add(HubClient client)
    {
        lock (_lock)
        {
            _clients.Add(client);
        }
    }

    /// <summary>Tells a client nothing any more.</summary>
    public void Remove(HubClient client)
    {
        lock (_lock)
        {
            _clients.Remove(client);
        }
    }

    /// <summary>A reader is slower than what it reads.</summary>
    [LoggerMessage(EventId = ApiLogEvents.EventsSlowReader, Level = LogLevel.Warning, Message = "A reader of the events of {Twin} is slower than they come; with {Waiting} waiting, it misses some and is told so")]
    public partial void LogSlowReader(string twin, int waiting);

    private static bool IsWanted(HubEvent next, EventWish wish) =>
        wish.Kinds.Contain(next.Kind) && (wish.TwinId is null || next.TwinId is null || next.TwinId == wish.TwinId);

    private HubEvent Keep(TwinEvent? twinEvent)
    {
        var next = new HubEvent(_ring.Newest + 1, Stream, twinEvent);
        _ring.Add(next);
        return next;
    }
}
