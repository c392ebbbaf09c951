using Microsoft.AspNetCore.Http.HttpResults;
using Twins.Api.Http;
using Twins.Api.Problems;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Api.Twins;

/// <summary><c>GET /twins/aggregate</c>.</summary>
internal static class AggregateTwins
{
    private const string CountOnly = "count";

    /// <summary>What the twins that a filter holds for add up to, in groups.</summary>
    public static async Task<Results<GroupList, ProblemResult>> Handle(
        string? filter, string? group, string? measure, HttpRequest request, IGrainFactory grains, QueryAdmission queries, TimeProvider time)
    {
        group ??= string.Empty;
        measure = string.IsNullOrEmpty(measure) ? CountOnly : measure;
        if (!FleetQueries.TryRead(filter, request, time, out var query, out var problem)
            || !Rql.TryParseGroup(group, out var paths, out problem)
            || !Rql.TryParseMeasures(measure, out var measures, out problem))
        {
            return problem!.ToResult();
        }

        var asked = new FleetAggregation { Query = query!, Group = group, Measures = measure };
        var found = await queries.Run(query!.Caller, () => ReadRetry.Call(() => grains.GetGrain<IFleetGrain>(0).Aggregate(asked)), request.HttpContext.RequestAborted);
        return found.Groups is { } groups
            ? new GroupList(groups, paths, measures)
            : RequestProblems.TooManyGroups(group, FleetGroups.MaxGroups, FleetGroups.MaxKeyBytes).ToResult();
    }
}
