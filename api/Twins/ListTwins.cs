using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;
using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary><c>GET /twins</c>.</summary>
internal static class ListTwins
{
    /// <summary>A page of all twins in the order of their ids; with a filter or a sort, of what the fleet index finds.</summary>
    public static async Task<Results<TwinList, ProblemResult>> Handle(
        string? filter, string? sort, string? limit, string? cursor, string? fields, HttpRequest request, IGrainFactory grains, QueryAdmission queries, TimeProvider time)
    {
        IReadOnlyList<string[]>? picked = null;
        if (!FleetQueries.TryRead(filter, request, time, out var query, out var problem)
            || !Rql.TryParseSort(sort ?? string.Empty, out var keys, out problem)
            || !PageLimit.TryParse(limit, out var count, out problem)
            || !FieldList.TryParse(fields, out picked, out problem))
        {
            return problem!.ToResult();
        }

        var fleet = grains.GetGrain<IFleetGrain>(0);
        return query!.Filter is null && keys.Length == 0
            ? await All(fleet, count, cursor, picked)
            : await Find(fleet, query with { Sort = keys.Length == 0 ? null : sort, Limit = count }, keys, cursor, picked, queries, request.HttpContext.RequestAborted);
    }

    /// <summary>Read from the twins themselves, and so never behind them.</summary>
    private static async Task<Results<TwinList, ProblemResult>> All(IFleetGrain fleet, int count, string? cursor, IReadOnlyList<string[]>? picked)
    {
        if (!Cursor.TryDecode(Cursor.Twins, cursor, out var after, out var problem)
            || (after is not null && !TwinId.TryValidate(after, out problem)))
        {
            return problem!.ToResult();
        }

        var page = await ReadRetry.Call(() => fleet.List(after, count));
        return new TwinList(page.Twins, page.Next is null ? null : Cursor.Encode(Cursor.Twins, page.Next), picked);
    }

    private static async Task<Results<TwinList, ProblemResult>> Find(
        IFleetGrain fleet, FleetQuery query, SortKey[] keys, string? cursor, IReadOnlyList<string[]>? picked, QueryAdmission queries, CancellationToken cancellationToken)
    {
        if (!FleetCursor.TryResume(cursor, query, keys, out var resumed, out var problem))
        {
            return problem!.ToResult();
        }

        var page = await queries.Run(resumed.Caller, () => ReadRetry.Call(() => fleet.Query(resumed)), cancellationToken);
        return new TwinList(page.Twins, page.Next is null ? null : FleetCursor.Encode(resumed, page.Next), picked);
    }
}
