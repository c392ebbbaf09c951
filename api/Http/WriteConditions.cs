using Microsoft.Net.Http.Headers;
using Twins.Api.Problems;
using Twins.Api.Twins;
using Twins.Contracts;
using Twins.Contracts.Twins;

namespace Twins.Api.Http;

/// <summary>
/// What must be so for a write to happen: <c>If-Match</c>, <c>If-None-Match: *</c>, and a <c>revision</c> in the
/// body. The twin's grain holds one revision against its own; what a header can say beyond that is resolved here.
/// </summary>
internal sealed class WriteConditions
{
    /// <summary>How often a twin may change under an <c>If-Match: *</c> before the caller is told to try later.</summary>
    private const int Attempts = 8;

    private readonly IList<EntityTagHeaderValue> _ifMatch;
    private readonly bool _ifAbsent;
    private readonly long? _bodyRevision;

    private WriteConditions(IList<EntityTagHeaderValue> ifMatch, bool ifAbsent, long? bodyRevision)
    {
        _ifMatch = ifMatch;
        _ifAbsent = ifAbsent;
        _bodyRevision = bodyRevision;
    }

    /// <summary>Reads the conditions of a request.</summary>
    public static bool TryRead(HttpRequest request, long? bodyRevision, out WriteConditions? conditions, out Problem? problem)
    {
        conditions = null;
        var headers = request.Headers;
        if (!EntityTags.TryParse("If-Match", headers.IfMatch, out var ifMatch, out problem)
            || !EntityTags.TryParse("If-None-Match", headers.IfNoneMatch, out var ifNoneMatch, out problem))
        {
            return false;
        }

        if (ifNoneMatch.Count > 0 && (HttpMethods.IsDelete(request.Method) || !EntityTags.IsAny(ifNoneMatch)))
        {
            problem = RequestProblems.Header(
                "If-None-Match", headers.IfNoneMatch.ToString(), "* on PUT and PATCH (only if there is no such twin), and absent on DELETE");
            return false;
        }

        conditions = new WriteConditions(ifMatch, ifNoneMatch.Count > 0, bodyRevision);
        return true;
    }

    /// <summary>Writes if the conditions hold, else says that they do not (412).</summary>
    /// <param name="twin">The twin that is written.</param>
    /// <param name="write">The write, given the revision that must still be current and whether the twin must be new.</param>
    public Task<TwinWriteResult> Apply(ITwinGrain twin, Func<long?, bool, Task<TwinWriteResult>> write) =>
        ApplyOnce(twin, (ifRevision, ifAbsent) => ConflictRetry.Call(() => write(ifRevision, ifAbsent)));

    private async Task<TwinWriteResult> ApplyOnce(ITwinGrain twin, Func<long?, bool, Task<TwinWriteResult>> write)
    {
        if (_ifMatch.Count == 0)
        {
            return await write(_bodyRevision, _ifAbsent);
        }

        if (_ifAbsent)
        {
            // A twin that exists and does not exist: no state of it can satisfy both.
            var now = await twin.Get();
            return Failed(now);
        }

        if (_ifMatch is [var only] && EntityTags.TryRevision(only, out var revision))
        {
            return _bodyRevision is null || _bodyRevision == revision
                ? await write(revision, false)
                : Failed(await twin.Get());
        }

        for (var attempt = 1; ; attempt++)
        {
            var current = await twin.Get();
            if (current is null || !Holds(current.Revision))
            {
                return Failed(current);
            }

            // The revision that was judged goes along, so that the twin can not vanish in between unnoticed.
            var result = await write(current.Revision, false);
            if (result.Problem?.Status != StatusCodes.Status412PreconditionFailed || !EntityTags.IsAny(_ifMatch) || attempt == Attempts)
            {
                return result;
            }
        }
    }

    private bool Holds(long revision) =>
        (_bodyRevision is null || _bodyRevision == revision)
        && EntityTags.Contains(_ifMatch, revision);

    private static TwinWriteResult Failed(TwinView? current) =>
        new(current?.Revision ?? 0, Problem: RequestProblems.PreconditionFailed("If-Match", current?.Revision));
}
