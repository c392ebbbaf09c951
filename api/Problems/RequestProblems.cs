using Twins.Contracts;

namespace Twins.Api.Problems;

/// <summary>What can be wrong with a request before any twin is asked. One method per <c>code</c>.</summary>
internal static class RequestProblems
{
    public static Problem TwinNotFound(string id) => new(
        StatusCodes.Status404NotFound,
        "twin-not-found",
        $"there is no twin {id}; its device makes it with a first message, or an application with PUT /twins/{id}");

    public static Problem PropertyNotFound(string id, string path) => new(
        StatusCodes.Status404NotFound,
        "property-not-found",
        $"twin {id} has no property {path}");

    public static Problem DotSegment() => new(
        StatusCodes.Status400BadRequest,
        "path-invalid",
        "the path has a segment \".\" or \"..\"; no twin and no property has such a name: leave the segment out");

    public static Problem OtherOrigin(string origin, string host) => new(
        StatusCodes.Status403Forbidden,
        "origin-refused",
        $"a page of {(origin.Length == 0 ? "another site" : Shorten(origin))} may not change anything here; a page must come from {host} itself, or its origin must be in Twins:Api:CorsOrigins");

    public static Problem UnknownParameter(string name, IReadOnlyCollection<string> known) => new(
        StatusCodes.Status400BadRequest,
        "parameter-unknown",
        known.Count == 0
            ? $"this route takes no query parameters; leave \"{Shorten(name)}\" out"
            : $"there is no query parameter \"{Shorten(name)}\" here; this route takes {string.Join(", ", known)}{Suggestion.Clause(Shorten(name), known)}");

    public static Problem RepeatedParameter(string name) => new(
        StatusCodes.Status400BadRequest,
        "parameter-invalid",
        $"query parameter \"{name}\" is given more than once; send it once");

    public static Problem UnknownRoute(string path, string? meant) => new(
        StatusCodes.Status404NotFound,
        "no-such-route",
        $"there is nothing at {Shorten(path)}; /swagger lists the routes{(meant is null ? string.Empty : $"; did you mean {meant}?")}");

    public static Problem UnknownField(string field, IEnumerable<string> known) => new(
        StatusCodes.Status400BadRequest,
        "fields-invalid",
        $"fields: a twin has no \"{Shorten(field)}\"; a path starts with one of {string.Join(", ", known)}{Suggestion.Clause(Shorten(field), known)}");

    public static Problem ContentCoding(string coding) => new(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported-content-encoding",
        $"Content-Encoding \"{Shorten(coding)}\" is not supported; send the body without compression");

    public static Problem HostNotAllowed(string host) => new(
        StatusCodes.Status400BadRequest,
        "host-not-allowed",
        $"this server does not answer for the host \"{Shorten(host)}\"; use a name in AllowedHosts, or add this one there");

    public static Problem Parameter(string name, string value, string right) => new(
        StatusCodes.Status400BadRequest,
        "parameter-invalid",
        $"{name} \"{Shorten(value)}\" is not understood; it must be {right}");

    public static Problem ParameterRange(string name, string value, string right) => new(
        StatusCodes.Status400BadRequest,
        "parameter-invalid",
        $"{name} \"{Shorten(value)}\" is out of range; it must be {right}");

    public static Problem Header(string name, string value, string right) => new(
        StatusCodes.Status400BadRequest,
        "header-invalid",
        $"header {name}: {Shorten(value)} is not understood; it must be {right}");

    public static Problem CursorOfAnother(string cursor) => new(
        StatusCodes.Status400BadRequest,
        "cursor-mismatch",
        $"cursor \"{Shorten(cursor)}\" is of another list or another query; send it with the filter and the sort of the page that gave it, or leave it out to start at the first page");

    public static Problem TooManyTokens(string header, int count, int max) => new(
        StatusCodes.Status400BadRequest,
        "header-invalid",
        $"header {header} has {count} tokens and may have {max}; send the newest of each twin, and only those that the query must see");

    public static Problem TooManyGroups(string group, int max, int maxKeyBytes) => new(
        StatusCodes.Status400BadRequest,
        "too-many-groups",
        $"group {Shorten(group)} makes more than {max} groups, or groups with more than {maxKeyBytes} bytes of text; group by what fewer or shorter values stand for, or ask for fewer twins with a filter");

    public static Problem FilterTooSlow(Exception slow) => new(StatusCodes.Status400BadRequest, "filter-too-slow", slow.Message);

    public static Problem TooManyQueries(Exception refused) => new(StatusCodes.Status429TooManyRequests, "too-many-queries", refused.Message);

    public static Problem IndexOff(Exception off) => new(StatusCodes.Status501NotImplemented, "index-off", off.Message);

    public static Problem WatchTooLarge(long? matching, int most) => new(
        StatusCodes.Status400BadRequest,
        "watch-too-large",
        $"{(matching is { } count ? count : $"more than {most}")} twins match the filter, and one watch follows {most} at most; narrow the filter, or raise Twins:Api:WatchMembers");

    public static Problem ContentType(string? given, string accepted) => new(
        StatusCodes.Status415UnsupportedMediaType,
        "unsupported-media-type",
        string.IsNullOrEmpty(given)
            ? $"the request has no Content-Type; send {accepted}"
            : $"Content-Type \"{Shorten(given)}\" is not taken here; send {accepted}, in UTF-8");

    public static Problem BodyTooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge,
        "body-too-large",
        $"the body is larger than {limit} bytes, the limit of this request; send less at once");

    public static Problem WrongShape(string what, string right, string pointer = "") => new(
        StatusCodes.Status400BadRequest,
        "wrong-type",
        $"{what} must be {right}",
        pointer);

    public static Problem UnknownMember(string name, string reason) => new(
        StatusCodes.Status400BadRequest,
        "member-unknown",
        $"member \"{Shorten(name)}\" can not be written: {reason}",
        "/" + Shorten(name).Replace("~", "~0").Replace("/", "~1"));

    public static Problem PreconditionFailed(string header, long? revision) => new(
        StatusCodes.Status412PreconditionFailed,
        "precondition-failed",
        revision is { } known
            ? $"{header} does not hold: the twin is at revision {known}; read it again and decide anew"
            : $"{header} does not hold: there is no such twin");

    /// <summary>Keeps hostile input from filling answers and logs.</summary>
    private static string Shorten(string text) => text.Length <= 100 ? text : string.Concat(text.AsSpan(0, 100), "…");
}
