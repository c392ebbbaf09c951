using System.Diagnostics.CodeAnalysis;
using Twins.Contracts.Query.Parsing;

namespace Twins.Contracts.Query;

/// <summary>
/// Reads what queries are written in (docs/query.md). Whatever is wrong is one sentence with the position of the mistake, in
/// time proportional to the text. Thread-safe.
/// </summary>
public static class Rql
{
    /// <summary>The length of a text, in UTF-16 units.</summary>
    public const int MaxCharacters = 4096;

    /// <summary>How many of <c>and</c>, <c>or</c> and <c>not</c> may be within one another: all that reads filters recurses by them.</summary>
    public const int MaxNesting = 32;

    /// <summary>The conditions of a filter, not counting <c>and</c>, <c>or</c> and <c>not</c>: what testing one twin costs.</summary>
    public const int MaxConditions = 256;

    /// <summary>The values of <c>in</c>.</summary>
    public const int MaxValues = 256;

    /// <summary>The length of the pattern of <c>like</c> and <c>ilike</c>, in UTF-16 units.</summary>
    public const int MaxPatternCharacters = 256;

    /// <summary>The names of a path; documents are no deeper than this (<see cref="Json.JsonLimits"/>, and metadata above and below).</summary>
    public const int MaxNames = 40;

    /// <summary>The keys of a sort.</summary>
    public const int MaxSortKeys = 4;

    /// <summary>The paths of a group.</summary>
    public const int MaxGroupPaths = 4;

    /// <summary>The measures of an aggregation.</summary>
    public const int MaxMeasures = 16;

    /// <summary>The longest time from now, and the greatest age: a hundred years.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromDays(36_500);

    /// <summary>Reads a filter.</summary>
    /// <param name="text">For example <c>and(eq(tags/site,"rotterdam"),gt(reported/temp,80))</c>.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="problem"><c>filter-invalid</c> (400).</param>
    public static bool TryParseFilter(string text, [NotNullWhen(true)] out Filter? filter, [NotNullWhen(false)] out Problem? problem) =>
        new RqlReader(text, "filter", "filter-invalid").TryRead(reader => reader.ReadFilterToEnd(), out filter, out problem);

    /// <summary>Reads a sort: up to 4 keys, <c>+tags/site,-reported/temp</c>; a key without a sign goes up.</summary>
    /// <param name="text">Empty for none. <c>sort(…)</c> may be around it.</param>
    /// <param name="keys">The keys, the first sorts first.</param>
    /// <param name="problem"><c>sort-invalid</c> (400).</param>
    public static bool TryParseSort(string text, [NotNullWhen(true)] out SortKey[]? keys, [NotNullWhen(false)] out Problem? problem) =>
        new RqlReader(text, "sort", "sort-invalid").TryRead(reader => reader.ReadSort(), out keys, out problem);

    /// <summary>Reads what is grouped by: up to 4 paths with commas between them.</summary>
    /// <param name="text">Empty for one group of all.</param>
    /// <param name="paths">The paths.</param>
    /// <param name="problem"><c>group-invalid</c> (400).</param>
    public static bool TryParseGroup(string text, [NotNullWhen(true)] out QueryPath[]? paths, [NotNullWhen(false)] out Problem? problem) =>
        new RqlReader(text, "group", "group-invalid").TryRead(reader => reader.ReadGroup(), out paths, out problem);

    /// <summary>Reads measures: 1 to 16 of <c>count</c>, <c>count(path)</c>, <c>sum(path)</c>, <c>avg(path)</c>, <c>min(path)</c>, <c>max(path)</c>.</summary>
    /// <param name="text">With commas between them.</param>
    /// <param name="measures">The measures.</param>
    /// <param name="problem"><c>measure-invalid</c> (400).</param>
    public static bool TryParseMeasures(string text, [NotNullWhen(true)] out Measure[]? measures, [NotNullWhen(false)] out Problem? problem) =>
        new RqlReader(text, "measure", "measure-invalid").TryRead(reader => reader.ReadMeasures(), out measures, out problem);

    /// <summary>Whether what a filter holds for changes as time goes by, without a change of the twin: it has a relative time, or <c>stale</c>.</summary>
    public static bool DependsOnTime(Filter filter) => filter switch
    {
        AndFilter and => Array.Exists(and.Operands, DependsOnTime),
        OrFilter or => Array.Exists(or.Operands, DependsOnTime),
        NotFilter not => DependsOnTime(not.Operand),
        CompareFilter compare => IsRelative(compare.Value),
        InFilter any => Array.Exists(any.Values, IsRelative),
        _ => filter is StaleFilter,
    };

    private static bool IsRelative(QueryValue value) => value is TimeValue { Moment: null };
}
