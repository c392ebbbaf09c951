using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary><c>PUT</c>, <c>PATCH</c> and <c>DELETE /twins/{id}</c>.</summary>
internal static class TwinWrites
{
    /// <summary>PUT: the application's part of the twin becomes the body; makes the twin where it is missing.</summary>
    public static Task<Results<Ok<WriteReceipt>, Created<WriteReceipt>, ProblemResult>> Put(
        string id, HttpRequest request, IGrainFactory grains) =>
        Write(id, request, grains, MediaTypes.Documents);

    /// <summary>PATCH: the body is a merge patch, or a JSON patch, over the application's part of the twin.</summary>
    public static Task<Results<Ok<WriteReceipt>, Created<WriteReceipt>, ProblemResult>> Patch(
        string id, HttpRequest request, IGrainFactory grains) =>
        Write(id, request, grains, MediaTypes.Patches);

    /// <summary>DELETE: the twin goes; its revision goes on from here should it come back.</summary>
    public static async Task<Results<NoContent, ProblemResult>> Delete(string id, HttpRequest request, IGrainFactory grains)
    {
        if (!TwinId.TryValidate(id, out var problem)
            || !WriteConditions.TryRead(request, bodyRevision: null, out var conditions, out problem))
        {
            return problem!.ToResult();
        }

        var twin = grains.Twin(id);
        var result = await conditions!.Apply(twin, (ifRevision, _) => twin.Delete(ifRevision));
        return WriteAnswer.OfRemoval(request.HttpContext.Response, id, result);
    }

    private static async Task<Results<Ok<WriteReceipt>, Created<WriteReceipt>, ProblemResult>> Write(
        string id, HttpRequest request, IGrainFactory grains, string[] accepted)
    {
        if (!TwinId.TryValidate(id, out var problem))
        {
            return problem!.ToResult();
        }

        var (body, refused) = await JsonBody.Read(request, accepted, JsonBody.TwinLimits);
        if (refused is not null)
        {
            return refused;
        }

        var verb = accepted == MediaTypes.Documents ? WriteVerb.Replace
            : body!.IsJsonPatch ? WriteVerb.Patch
            : WriteVerb.Merge;
        TwinBody? content;
        if (verb != WriteVerb.Patch)
        {
            if (!TwinBody.TryRead(id, body!.Canonical, out content, out problem))
            {
                return problem!.ToResult();
            }
        }
        else if (body!.Canonical[0] == '[')
        {
            content = new TwinBody(body.Canonical, Revision: null);
        }
        else
        {
            return RequestProblems.WrongShape("a JSON patch", "a list of operations, like [{\"op\":\"replace\",\"path\":\"/tags/site\",\"value\":\"delft\"}]").ToResult();
        }

        if (!WriteConditions.TryRead(request, content!.Revision, out var conditions, out problem))
        {
            return problem!.ToResult();
        }

        var twin = grains.Twin(id);
        var result = await conditions!.Apply(
            twin, (ifRevision, ifAbsent) => twin.Write(new TwinWrite(verb, [], content.Canonical, ifRevision, ifAbsent)));
        return WriteAnswer.Of(request.HttpContext.Response, id, result);
    }
}
