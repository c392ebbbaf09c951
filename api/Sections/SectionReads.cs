using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Api.Twins;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Api.Sections;

/// <summary><c>GET /twins/{id}/{section}[/{path…}]</c>.</summary>
internal static class SectionReads
{
    /// <summary>One section, or one property in it, at the revision of the twin.</summary>
    public static async ValueTask<Results<JsonBytes, NotModified, ProblemResult>> Handle(
        HttpRequest request, TwinReader twins, string id, string[] target)
    {
        if (!TwinId.TryValidate(id, out var problem)
            || !EntityTags.TryParse("If-None-Match", request.Headers.IfNoneMatch, out var known, out problem))
        {
            return problem!.ToResult();
        }

        if (await twins.Read(id) is not { } twin)
        {
            return RequestProblems.TwinNotFound(id).ToResult();
        }

        if (!PropertyPath.TryGet(twin.Document, target, out var value))
        {
            return RequestProblems.PropertyNotFound(id, PropertyPath.Format(target)).ToResult();
        }

        if (known.Count > 0 && EntityTags.Contains(known, twin.Revision))
        {
            return new NotModified(twin.Revision);
        }

        return new JsonBytes(value, twin.Revision);
    }
}
