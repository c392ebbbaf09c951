using Orleans.Concurrency;
using Twins.Contracts.Events;

namespace Twins.Silo.Egress;

/// <summary>
/// Who listens to events, and which silos must know. It is lost with its silo, and filled again by the next
/// renewals of both; until then the silos remember for it.
/// </summary>
[GrainType("eventlisteners")]
[Reentrant]
[KeepAlive]
internal sealed partial class EventListenersGrain(TimeProvider time, ILogger<EventListenersGrain> logger)
    : Grain, IEventListenersGrain, ISiloListenersGrain
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    private readonly DateTimeOffset _activatedAt = time.GetUtcNow();
    private readonly Dictionary<string, (ListenerRegistration Registration, string Subscription, DateTimeOffset RenewedAt)> _listeners = [];
    private readonly Dictionary<string, (ISiloListeners Silo, DateTimeOffset RenewedAt)> _silos = [];

    public Task<string> Subscribe(string name, ITwinEventListener listener, bool waits = false) => Listen(name, listener, waits, documents: false);

    public async Task<string> Listen(string name, ITwinEventListener listener, bool waits, bool documents)
    {
        var registration = new ListenerRegistration(name, listener, waits, documents);
        var isNew = !_listeners.TryGetValue(name, out var known) || !known.Registration.Listener.Equals(listener);
        var subscription = isNew ? Guid.NewGuid().ToString("N") : known.Subscription;
        _listeners[name] = (registration, subscription, time.GetUtcNow());
        if ((isNew || known.Registration != registration) | Forget())
        {
            await TellSilos();
        }

        return subscription;
    }

    public async Task Unsubscribe(string name)
    {
        if (_listeners.Remove(name))
        {
            await TellSilos();
        }
    }

    public async Task Missed(ListenerRegistration registration)
    {
        if (_listeners.TryGetValue(registration.Name, out var known) && known.Registration.Listener.Equals(registration.Listener))
        {
            _listeners.Remove(registration.Name);
            await TellSilos();
        }
    }

    public async Task<ListenerRegistration[]> Watch(string silo, ISiloListeners listeners, ListenerRegistration[] known)
    {
        var now = time.GetUtcNow();
        _silos[silo] = (listeners, now);
        if (Forget() | (now - _activatedAt < Forgotten && Believe(known)))
        {
            await TellSilos();
        }

        return Registrations();
    }

    /// <summary>Adds who is not known here; a subscription that its holder does not know makes it say that there is a gap.</summary>
    private bool Believe(ListenerRegistration[] known)
    {
        var added = false;
        foreach (var registration in known)
        {
            added |= _listeners.TryAdd(registration.Name, (registration, Guid.NewGuid().ToString("N"), time.GetUtcNow()));
        }

        return added;
    }

    private bool Forget()
    {
        var before = time.GetUtcNow() - Forgotten;
        foreach (var (silo, _) in _silos.Where(entry => entry.Value.RenewedAt < before).ToArray())
        {
            _silos.Remove(silo);
        }

        var gone = _listeners.Where(entry => entry.Value.RenewedAt < before).Select(entry => entry.Key).ToArray();
        Array.ForEach(gone, name => _listeners.Remove(name));
        return gone.Length > 0;
    }

    private Task TellSilos()
    {
        var registrations = Registrations();
        return Task.WhenAll(_silos.ToArray().Select(entry => Tell(entry.Key, entry.Value.Silo, registrations)));
    }

    private async Task Tell(string name, ISiloListeners silo, ListenerRegistration[] registrations)
    {
        try
        {
            await silo.Update(registrations);
        }
        catch (Exception exception)
        {
            // A silo that is there asks again within 10 s; one that is not has no twins to listen to.
            SiloNotTold(exception, name);
        }
    }

    private ListenerRegistration[] Registrations() => [.. _listeners.Values.Select(listener => listener.Registration)];

    [LoggerMessage(LogEvents.ListenerRenewFailed, LogLevel.Warning, "Silo {Silo} could not be told who listens to events.")]
    private partial void SiloNotTold(Exception exception, string silo);
}
