using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary>From what a grain says about a write to its HTTP answer.</summary>
internal static class WriteAnswer
{
    /// <summary>201 where the write made the twin, else 200; the ETag is the new revision's, and the token names it to queries.</summary>
    public static Results<Ok<WriteReceipt>, Created<WriteReceipt>, ProblemResult> Of(HttpResponse response, string id, TwinWriteResult result)
    {
        if (result.Problem is not null)
        {
            return Refused(result);
        }

        Tell(response, id, result);
        var receipt = new WriteReceipt(id, result.Revision);
        return result.Created ? TypedResults.Created($"/twins/{id}", receipt) : TypedResults.Ok(receipt);
    }

    /// <summary>204, with the ETag of the revision that the removal made.</summary>
    public static Results<NoContent, ProblemResult> OfRemoval(HttpResponse response, string id, TwinWriteResult result)
    {
        if (result.Problem is not null)
        {
            return Refused(result);
        }

        Tell(response, id, result);
        return TypedResults.NoContent();
    }

    private static void Tell(HttpResponse response, string id, TwinWriteResult result)
    {
        response.Headers.ETag = EntityTags.Of(result.Revision);
        SeenWrites.Tell(response, id, result.Revision);
    }

    private static ProblemResult Refused(TwinWriteResult result) => new(result.Problem!)
    {
        Revision = result.Problem!.Status == StatusCodes.Status412PreconditionFailed && result.Revision > 0 ? result.Revision : null,
    };
}
