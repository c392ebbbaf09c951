namespace Twins.Api.Swagger;

/// <summary>What was wrong (RFC 9457).</summary>
/// <param name="Type">The kind of problem as a URI: <c>urn:twins:problem:</c> and the code.</param>
/// <param name="Title">The name of the status.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One sentence: what was wrong, where, and what would be right.</param>
/// <param name="Instance">The path of the request.</param>
/// <param name="Code">The kind of problem: stable, to be compared by programs.</param>
/// <param name="Pointer">The JSON pointer (RFC 6901) of the offending member, where there is one.</param>
/// <param name="Revision">With 412: the revision that the twin is at.</param>
/// <param name="Ready">With <c>index-rebuilding</c>: partitions of the fleet index that are complete.</param>
/// <param name="Partitions">With <c>index-rebuilding</c>: partitions that there are.</param>
/// <param name="Twins">With <c>index-rebuilding</c>: twins that are in the index already.</param>
internal sealed record ProblemAnswer(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    string Code,
    string? Pointer,
    long? Revision,
    int? Ready,
    int? Partitions,
    long? Twins);
