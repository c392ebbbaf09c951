using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary><c>GET /twins/{id}</c>.</summary>
internal static class TwinReads
{
    /// <summary>The document as its grain keeps it; nothing on the way parses it unless fields are picked from it.</summary>
    public static async ValueTask<Results<JsonBytes, NotModified, ProblemResult>> Handle(
        string id, string? fields, HttpRequest request, TwinReader twins)
    {
        IReadOnlyList<string[]>? picked = null;
        if (!TwinId.TryValidate(id, out var problem)
            || !EntityTags.TryParse("If-None-Match", request.Headers.IfNoneMatch, out var known, out problem)
            || !FieldList.TryParse(fields, out picked, out problem))
        {
            return problem!.ToResult();
        }

        if (await twins.Read(id) is not { } twin)
        {
            return RequestProblems.TwinNotFound(id).ToResult();
        }

        if (known.Count > 0 && EntityTags.Contains(known, twin.Revision))
        {
            return new NotModified(twin.Revision);
        }

        return new JsonBytes(picked is null ? twin.Document : PropertyPath.Select(twin.Document, picked), twin.Revision);
    }
}
