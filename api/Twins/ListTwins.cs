using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Fleet;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary><c>GET /twins</c>.</summary>
internal static class ListTwins
{
    /// <summary>A page of twins, in the order of their ids.</summary>
    public static async Task<Results<TwinList, ProblemResult>> Handle(
        string? limit, string? cursor, string? fields, HttpRequest request, IGrainFactory grains)
    {
        foreach (var name in (ReadOnlySpan<string>)["filter", "sort"])
        {
            if (request.Query.ContainsKey(name))
            {
                return RequestProblems.NotAvailable(
                    $"{name} (fleet queries)", "GET /twins pages through all twins in the order of their ids with limit, cursor and fields").ToResult();
            }
        }

        IReadOnlyList<string[]>? picked = null;
        if (!PageLimit.TryParse(limit, out var count, out var problem)
            || !Cursor.TryDecode(Cursor.Twins, cursor, out var after, out problem)
            || (after is not null && !TwinId.TryValidate(after, out problem))
            || (!string.IsNullOrEmpty(fields) && !PropertyPath.ParseFields(fields, out picked, out problem)))
        {
            return problem!.ToResult();
        }

        return new TwinList(await ReadRetry.Call(() => grains.GetGrain<IFleetGrain>(0).List(after, count)), picked);
    }
}
