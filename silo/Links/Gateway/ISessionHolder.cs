using Orleans.Concurrency;

namespace Twins.Silo.Links.Gateway;

/// <summary>A gateway, as it is asked for the sessions that it holds. Calls do not wait for one another.</summary>
[Alias("twins.session-holder")]
internal interface ISessionHolder : IGrainObserver
{
    /// <summary>Closes a connection, because the client has another; returns at once.</summary>
    [Alias("close"), AlwaysInterleave]
    Task Close(Guid claim);

    /// <summary>
    /// Closes a connection and gives the session away, when what the client has published is durable and its twins have
    /// been told what they were to be told; after 2 s in any case.
    /// </summary>
    /// <returns>The session; null where the gateway has none by this claim.</returns>
    [Alias("hand-over"), AlwaysInterleave]
    Task<SessionContent?> HandOver(Guid claim);
}
