namespace Twins.Contracts.Query.Parsing;

/// <summary>An operator of filters, as problems speak of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Takes">Its arguments in words.</param>
/// <param name="Example">One that is right.</param>
internal sealed record RqlOperator(string Name, string Takes, string Example)
{
    private const string Value = "a path and a value";

    /// <summary>All of them.</summary>
    internal static RqlOperator[] All { get; } =
    [
        new("and", "one condition or more", "and(eq(tags/site,\"rotterdam\"),gt(reported/temp,80))"),
        new("or", "one condition or more", "or(eq(tags/site,\"rotterdam\"),gt(reported/temp,80))"),
        new("not", "one condition", "not(exists(reported/temp))"),
        new("eq", Value, "eq(tags/site,\"rotterdam\")"),
        new("ne", Value, "ne(tags/site,\"rotterdam\")"),
        new("gt", Value, "gt(reported/temp,80)"),
        new("ge", Value, "ge(reported/temp,80)"),
        new("lt", Value, "lt(reported/temp,80)"),
        new("le", Value, "le(reported/temp,80)"),
        new("in", "a path and one value or more", "in(tags/site,\"rotterdam\",\"hamburg\")"),
        new("like", "a path and a pattern", "like(tags/site,\"rot*\")"),
        new("ilike", "a path and a pattern", "ilike(tags/site,\"ROT*\")"),
        new("exists", "a path", "exists(reported/temp)"),
        new("empty", "a path", "empty(reported/alarms)"),
        new("stale", "a path and an age", "stale(reported/temp,\"10m\")"),
    ];

    /// <summary>Their names.</summary>
    internal static string[] AllNames { get; } = [.. All.Select(known => known.Name)];

    /// <summary>Their names, as a sentence lists them.</summary>
    internal static string Names { get; } = string.Join(", ", AllNames);

    /// <summary>The operator of a name; null if there is none.</summary>
    internal static RqlOperator? Of(string name) => Array.Find(All, known => known.Name == name);
}
