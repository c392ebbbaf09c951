using Orleans.CodeGeneration;

namespace Twins.Contracts.Events;

/// <summary>Who listens to events, all over the cluster. One grain, key 0, in memory: listeners renew.</summary>
[Alias("twins.event-listeners"), Version(GrainVersion.Current)]
public interface IEventListenersGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Adds or renews a listener. When this returns, every silo tells it of what happens from now on. A listener
    /// that does not renew within 30 s is forgotten; renew every 10 s.
    /// </summary>
    /// <param name="name">Names the listener; a later call with the same name takes its place.</param>
    /// <param name="listener">Where to tell.</param>
    /// <param name="waits">
    /// Twins keep events for it while it does not answer, up to what a twin keeps: another takes its place soon. Without
    /// that it is struck off, and learns with its next renewal that it missed some.
    /// </param>
    /// <returns>
    /// Names this subscription. Another name than the last renewal's: it was lost in between, and the listener may
    /// have missed events.
    /// </returns>
    [Alias("subscribe")]
    Task<string> Subscribe(string name, ITwinEventListener listener, bool waits = false);

    /// <summary>As <see cref="Subscribe"/>, with a say in what is told.</summary>
    /// <param name="name">Names the listener.</param>
    /// <param name="listener">Where to tell.</param>
    /// <param name="waits">Twins keep events for it while it does not answer.</param>
    /// <param name="documents">
    /// Events come with <see cref="TwinEvent.Document"/>. A renewal may change its mind: that breaks nothing off, and the
    /// subscription keeps its name.
    /// </param>
    /// <returns>Names this subscription.</returns>
    [Alias("listen")]
    Task<string> Listen(string name, ITwinEventListener listener, bool waits, bool documents);

    /// <summary>Removes a listener.</summary>
    [Alias("unsubscribe")]
    Task Unsubscribe(string name);
}
