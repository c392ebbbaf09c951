namespace Twins.Api.Swagger;

/// <summary>A device's connection.</summary>
/// <param name="Status"><c>online</c> or <c>offline</c>.</param>
/// <param name="Since">Since when; RFC 3339, UTC; null before the first.</param>
/// <param name="LastSeen">When the device was heard of last; RFC 3339, UTC; null before the first.</param>
/// <param name="Link">Where it hangs: <c>gateway</c>, or the name of a broker link; null if it was never connected.</param>
/// <param name="Dialect">How it spells its messages, e.g. <c>native</c>; null if it was never connected.</param>
/// <param name="Stale">How many messages were left out because a newer one had been applied.</param>
[AnyMembers]
internal sealed record ConnectionDocument(
    string Status,
    [property: NullIsWritten] DateTimeOffset? Since,
    [property: NullIsWritten] DateTimeOffset? LastSeen,
    [property: NullIsWritten] string? Link,
    [property: NullIsWritten] string? Dialect,
    long Stale);
