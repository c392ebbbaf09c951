using Twins.Contracts;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Queries travel as the texts they were asked in, which every silo reads for itself, filters once: they are shorter than what they mean. Whoever
/// asks has had them checked.
/// </summary>
internal sealed class Questions(FilterCache filters)
{
    public Filter? FilterOf(FleetQuery query)
    {
        if (query.Filter is null)
        {
            return null;
        }

        return filters.TryParse(query.Filter, out var filter, out var problem) ? filter : throw Unchecked(problem, nameof(query));
    }

    public static SortKey[] SortOf(FleetQuery query) =>
        Rql.TryParseSort(query.Sort ?? "", out var keys, out var problem) ? keys : throw Unchecked(problem, nameof(query));

    public static (QueryPath[] Group, Measure[] Measures) GroupsOf(FleetAggregation aggregation) =>
        !Rql.TryParseGroup(aggregation.Group, out var group, out var problem) ? throw Unchecked(problem, nameof(aggregation))
            : !Rql.TryParseMeasures(aggregation.Measures, out var measures, out problem) ? throw Unchecked(problem, nameof(aggregation))
            : (group, measures);

    private static ArgumentException Unchecked(Problem problem, string parameter) => new(problem.Detail, parameter);
}
