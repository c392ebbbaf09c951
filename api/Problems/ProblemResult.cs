using Twins.Api.Http;
using Twins.Contracts;

namespace Twins.Api.Problems;

/// <summary>Answers a <see cref="Problem"/> as RFC 9457 problem details.</summary>
/// <param name="Problem">What was wrong.</param>
internal sealed record ProblemResult(Problem Problem) : IResult, IStatusCodeHttpResult
{
    /// <summary>The twin's revision as it is, told where a precondition failed.</summary>
    public long? Revision { get; init; }

    /// <summary>Where the thing that the problem is about can be read later.</summary>
    public string? Location { get; init; }

    /// <summary>After how many seconds a new attempt makes sense; 429, 503 and 507 say so, unless no attempt ever does (<c>twin-damaged</c>).</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>How far the fleet index is, told where it is not complete.</summary>
    public IndexProgress? Index { get; init; }

    /// <summary>The content types that would have been taken, for a 415.</summary>
    public string? Accepted { get; init; }

    /// <summary>The content codings that would have been accepted, for a 415 (RFC 9110, 12.5.3).</summary>
    public string? AcceptedCoding { get; init; }

    /// <inheritdoc/>
    public int? StatusCode => Problem.Status;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        if (Revision is { } revision)
        {
            headers.ETag = EntityTags.Of(revision);
        }

        if (Location is not null)
        {
            headers.Location = Location;
        }

        if (Accepted is not null)
        {
            // RFC 5789, 2.2 (Accept-Patch) and RFC 9110, 15.5.16 (Accept): what would have been understood.
            headers[HttpMethods.IsPatch(httpContext.Request.Method) ? "Accept-Patch" : "Accept"] = Accepted;
        }

        if (AcceptedCoding is not null)
        {
            headers.AcceptEncoding = AcceptedCoding;
        }

        if (RetryAfterSeconds is not null || (Problem.Code != StoreProblems.TwinDamaged
            && Problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage))
        {
            headers.RetryAfter = (RetryAfterSeconds ?? 1).ToString();
        }

        return ProblemBody.Write(httpContext, Problem, Revision, Index);
    }
}
