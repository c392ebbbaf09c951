using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Fleet;

namespace Twins.Api.Twins;

/// <summary><c>GET /twins/count</c>.</summary>
internal static class CountTwins
{
    /// <summary>How many twins a filter holds for; all of them without one.</summary>
    public static async Task<Results<Ok<TwinCount>, ProblemResult>> Handle(
        string? filter, HttpRequest request, IGrainFactory grains, QueryAdmission queries, TimeProvider time) =>
        FleetQueries.TryRead(filter, request, time, out var query, out var problem)
            ? TypedResults.Ok(new TwinCount(await queries.Run(query!.Caller, () => ReadRetry.Call(() => grains.GetGrain<IFleetGrain>(0).Count(query)), request.HttpContext.RequestAborted)))
            : problem!.ToResult();
}
