using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Fleet;

namespace Twins.Api.DeadLetters;

/// <summary><c>GET /deadletters</c>.</summary>
internal static class ListDeadLetters
{
    /// <summary>A page of dead letters, the newest first.</summary>
    public static async Task<Results<Ok<DeadLetterList>, ProblemResult>> Handle(string? limit, string? cursor, IGrainFactory grains)
    {
        if (!PageLimit.TryParse(limit, out var count, out var problem)
            || !Cursor.TryDecode(Cursor.DeadLetters, cursor, out var before, out problem))
        {
            return problem!.ToResult();
        }

        // One more than asked tells whether there is a next page.
        var letters = await ReadRetry.Call(() => grains.GetGrain<IDeadLettersGrain>(0).List(before, count + 1));
        var more = letters.Length > count;
        var page = more ? letters[..count] : letters;
        return TypedResults.Ok(new DeadLetterList(
            Array.ConvertAll(page, DeadLetterResource.Of),
            more ? Cursor.Encode(Cursor.DeadLetters, page[^1].Id) : null));
    }
}
