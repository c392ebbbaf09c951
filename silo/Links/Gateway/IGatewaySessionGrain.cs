using Orleans.CodeGeneration;
using Orleans.Concurrency;
using Twins.Contracts;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// The session of one MQTT client id: which gateway of the cluster holds it, and, where it is to outlive its connection,
/// what it subscribes to. The key is the client id. Calls come one after the other, so that of two connections that
/// are made at once one is the last.
/// </summary>
[Alias("twins.gateway-session"), Version(GrainVersion.Current)]
internal interface IGatewaySessionGrain : IGrainWithStringKey
{
    /// <summary>A client has connected. The holder of the session gives it up first, if it answers. Refused if the holder's token is higher.</summary>
    [Alias("claim")]
    Task<ClaimAnswer> Claim(SessionClaim claim);

    /// <summary>Answers at once, whatever else is going on.</summary>
    [Alias("hear"), AlwaysInterleave]
    Task Hear();

    /// <summary>Says again who holds the session; changes nothing where that is known.</summary>
    /// <param name="claim">As it was made.</param>
    /// <param name="disconnectedAt">When the connection ended, if it has.</param>
    /// <returns>False where a later connection has the session: this one is over.</returns>
    [Alias("renew")]
    Task<bool> Renew(SessionClaim claim, DateTimeOffset? disconnectedAt);

    /// <summary>Stores what the session subscribes to now; returns when that is durable.</summary>
    /// <returns>False where another connection has the session.</returns>
    [Alias("store")]
    Task<bool> Store(Guid claim, SessionSubscription[] subscriptions);

    /// <summary>The connection has ended; a session that outlives it stays with its gateway.</summary>
    [Alias("release")]
    Task Release(Guid claim, DateTimeOffset disconnectedAt);

    /// <summary>The session has expired.</summary>
    [Alias("forget")]
    Task Forget(Guid claim);
}
