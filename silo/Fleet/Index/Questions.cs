using Twins.Contracts;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Parses the texts of queries on the silo that runs them: a text is shorter than its parsed form. A filter is parsed once per process. The caller
/// has validated the texts.
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
