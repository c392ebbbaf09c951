using Twins.Contracts.Twins;

namespace Twins.Silo.Links.Gateway;

/// <summary>A gateway's word that it holds the connection of a client.</summary>
/// <param name="Id">Of this connection; none has it twice.</param>
/// <param name="Address">The gateway.</param>
/// <param name="Gateway">The same, to be asked for the session.</param>
/// <param name="Token">The connection's fencing token: of two connections the one with the higher token came last.</param>
/// <param name="Clean">The client wants nothing of what was before (clean session, clean start).</param>
/// <param name="ExpirySeconds">How long the session outlives the connection; 0: it does not.</param>
[GenerateSerializer, Immutable, Alias("twins.session-claim")]
internal sealed record SessionClaim(
    [property: Id(0)] Guid Id,
    [property: Id(1)] LinkAddress Address,
    [property: Id(2)] ISessionHolder Gateway,
    [property: Id(3)] ulong Token,
    [property: Id(4)] bool Clean,
    [property: Id(5)] uint ExpirySeconds);
