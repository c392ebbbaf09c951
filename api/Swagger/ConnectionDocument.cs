namespace Twins.Api.Swagger;

/// <summary>A device's connection.</summary>
/// <param name="Status"><c>online</c> or <c>offline</c>.</param>
/// <param name="Since">Since when; RFC 3339, UTC.</param>
/// <param name="LastSeen">When the device was heard of last; RFC 3339, UTC.</param>
/// <param name="Link">Where it hangs: <c>gateway</c>, or the name of a broker link.</param>
/// <param name="Dialect">How it spells its messages, e.g. <c>native</c>.</param>
internal sealed record ConnectionDocument(
    string Status, DateTimeOffset? Since, DateTimeOffset? LastSeen, string? Link, string? Dialect);
