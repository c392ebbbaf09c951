using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Api.Twins;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Api.Sections;

/// <summary><c>PUT</c>, <c>PATCH</c> and <c>DELETE /twins/{id}/{section}[/{path…}]</c>.</summary>
internal static class SectionWrites
{
    /// <summary>PUT: the body becomes the section or the property.</summary>
    public static Task<Results<Ok<WriteReceipt>, Created<WriteReceipt>, ProblemResult>> Put(
        HttpRequest request, IGrainFactory grains, string id, string[] target) =>
        Write(request, grains, id, target, MediaTypes.Documents);

    /// <summary>PATCH: the body is a merge patch, or a JSON patch.</summary>
    public static Task<Results<Ok<WriteReceipt>, Created<WriteReceipt>, ProblemResult>> Patch(
        HttpRequest request, IGrainFactory grains, string id, string[] target) =>
        Write(request, grains, id, target, MediaTypes.Patches);

    /// <summary>DELETE: the property goes; a section is emptied.</summary>
    public static async Task<Results<NoContent, ProblemResult>> Delete(
        HttpRequest request, IGrainFactory grains, string id, string[] target)
    {
        if (!TwinId.TryValidate(id, out var problem)
            || !WriteConditions.TryRead(request, bodyRevision: null, out var conditions, out problem))
        {
            return problem!.ToResult();
        }

        var twin = grains.Twin(id);
        var result = await conditions!.Apply(
            twin, (ifRevision, ifAbsent) => twin.Write(new TwinWrite(WriteVerb.Remove, target, [], ifRevision, ifAbsent)));
        return WriteAnswer.OfRemoval(request.HttpContext.Response, id, result);
    }

    private static async Task<Results<Ok<WriteReceipt>, Created<WriteReceipt>, ProblemResult>> Write(
        HttpRequest request, IGrainFactory grains, string id, string[] target, string[] accepted)
    {
        if (!TwinId.TryValidate(id, out var problem)
            || !WriteConditions.TryRead(request, bodyRevision: null, out var conditions, out problem))
        {
            return problem!.ToResult();
        }

        var (body, refused) = await JsonBody.Read(request, accepted, JsonBody.SectionLimits);
        if (refused is not null)
        {
            return refused;
        }

        var verb = accepted == MediaTypes.Documents ? WriteVerb.Replace
            : body!.IsJsonPatch ? WriteVerb.Patch
            : WriteVerb.Merge;
        if (verb != WriteVerb.Patch && target is [var section] && !IsObject(body!.Canonical, orNull: verb == WriteVerb.Replace))
        {
            return RequestProblems.WrongShape(section, "a JSON object").ToResult();
        }

        if (verb == WriteVerb.Patch && body!.Canonical[0] != '[')
        {
            return RequestProblems.WrongShape("a JSON patch", "a list of operations, like [{\"op\":\"replace\",\"path\":\"/setpoint\",\"value\":40}]").ToResult();
        }

        var twin = grains.Twin(id);
        var result = await conditions!.Apply(
            twin, (ifRevision, ifAbsent) => twin.Write(new TwinWrite(verb, target, body!.Canonical, ifRevision, ifAbsent)));
        return WriteAnswer.Of(request.HttpContext.Response, id, result);
    }

    private static bool IsObject(byte[] canonical, bool orNull) =>
        JsonText.IsObject(canonical) || (orNull && JsonText.IsNull(canonical));
}
