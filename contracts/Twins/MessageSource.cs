namespace Twins.Contracts.Twins;

/// <summary>
/// The connection that a message came on, and the right under which it was received. One object per connection, which all its
/// messages share.
/// </summary>
/// <param name="Address">The link.</param>
/// <param name="Dialect">The dialect of the connection's messages, e.g. <c>native</c>.</param>
/// <param name="ClientId">The MQTT client id of the device or application; null on broker links, which do not know it.</param>
/// <param name="Right">
/// Hash of the right: one for each client id of the gateway, and one for each session of a broker link. 0: the message needs no right,
/// and is not compared.
/// </param>
/// <param name="Token">
/// The fencing token of the right. A later grant of the same right has a higher one. A twin rejects a token that is lower than the one
/// it knows for the same right (docs/decisions/0016-fencing.md).
/// </param>
[GenerateSerializer, Immutable, Alias("twins.message-source")]
public sealed record MessageSource(
    [property: Id(0)] LinkAddress Address,
    [property: Id(1)] string Dialect,
    [property: Id(2)] string? ClientId = null,
    [property: Id(3)] ulong Right = 0,
    [property: Id(4)] ulong Token = 0);
