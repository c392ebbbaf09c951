namespace Twins.Silo.Links.Gateway;

/// <summary>The client's connection is the gateway's.</summary>
/// <param name="Before">The claim before, where the same gateway has made it: the session is there.</param>
/// <param name="Content">The session as it was elsewhere, or as it is stored.</param>
/// <param name="Refused">The token of a later connection, which has the session; 0 if the claim was accepted.</param>
[GenerateSerializer, Immutable, Alias("twins.claim-answer")]
internal sealed record ClaimAnswer(
    [property: Id(0)] Guid? Before,
    [property: Id(1)] SessionContent Content,
    [property: Id(2)] ulong Refused = 0);
