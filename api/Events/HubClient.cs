namespace Twins.Api.Events;

/// <summary>Somebody whom <see cref="EventHub"/> tells.</summary>
/// <param name="twinId">Whose events; null for all.</param>
/// <param name="filter">A filter to test for it; null for none.</param>
internal abstract class HubClient(string? twinId, LiveFilter? filter)
{
    /// <summary>How many events wait for a client at most.</summary>
    public const int MaxWaiting = 1_000;

    /// <summary>
    /// How much memory these hold at most, about: 8 MiB, whatever their number. One event waits whatever its size. Without this bound a
    /// thousand changes of documents of a megabyte would wait for each of 64 subscriptions of a connection.
    /// </summary>
    public const long MaxWaitingBytes = 8L * 1024 * 1024;

    /// <summary>Whose events; null for all.</summary>
    public string? TwinId => twinId;

    /// <summary>A filter to test for it; null for none.</summary>
    public LiveFilter? Filter => filter;

    /// <summary>Those with the same filter; the hub's.</summary>
    public FilterGroup? Group { get; set; }

    /// <summary>It needs the twin's document with each event.</summary>
    public abstract bool WantsDocuments { get; }

    /// <summary>Takes an event; never waits, and is called with the hub's lock held.</summary>
    /// <param name="next">What happened, or that something may be missing.</param>
    /// <param name="match">Whether its filter holds; <see cref="Match.Yes"/> where it has none.</param>
    public abstract void Offer(HubEvent next, Match match);
}
