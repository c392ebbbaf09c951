namespace Twins.Contracts.Query;

/// <summary>
/// A place in a twin's document, as queries name it: <c>tags/site</c>, <c>reported/motor/rpm</c>,
/// <c>connection/status</c>, <c>metadata/reported/temp/at</c>, <c>delta/setpoint</c>, <c>id</c>. Where it passes an array
/// of objects it means what is at the rest of it in each of them.
/// </summary>
public sealed class QueryPath : IEquatable<QueryPath>
{
    /// <summary>Makes a path of names that <see cref="Rql"/> has checked.</summary>
    /// <param name="names">Its names, unescaped; the first is a member of the document, or <c>delta</c>.</param>
    internal QueryPath(string[] names)
    {
        Names = names;
        Key = string.Join('/', names.Select(Escape));
    }

    /// <summary>Its names, unescaped.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Names it unambiguously: its names as in a JSON pointer (RFC 6901), without the first slash.</summary>
    public string Key { get; }

    /// <summary>
    /// What is there is a time that the platform sets: <c>createdAt</c>, <c>modifiedAt</c>, <c>connection/since</c>,
    /// <c>connection/lastSeen</c>, <c>metadata/reported/…/at</c> and <c>metadata/desired/…/at</c>.
    /// </summary>
    public bool IsTime => Names switch
    {
        ["createdAt" or "modifiedAt"] or ["connection", "since" or "lastSeen"] => true,
        ["metadata", _, .., "at"] => true,
        _ => false,
    };

    /// <inheritdoc/>
    public bool Equals(QueryPath? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as QueryPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Key;

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
