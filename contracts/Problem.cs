namespace Twins.Contracts;

/// <summary>
/// What was wrong with a request or a message, in the words of RFC 9457 (problem details). The same problem is
/// answered over REST, published on <c>twins/{id}/errors</c> and kept with a dead letter.
/// </summary>
/// <param name="Status">An HTTP status code, 400–599.</param>
/// <param name="Code">A stable, kebab-case name of the kind of problem, e.g. <c>payload-not-json</c>.</param>
/// <param name="Detail">One sentence a person can act on: what was wrong, where, and what would be right.</param>
/// <param name="Pointer">The JSON pointer (RFC 6901) of the offending member, where there is one.</param>
[GenerateSerializer, Immutable, Alias("twins.problem")]
public sealed record Problem(
    [property: Id(0)] int Status,
    [property: Id(1)] string Code,
    [property: Id(2)] string Detail,
    [property: Id(3)] string? Pointer = null);
