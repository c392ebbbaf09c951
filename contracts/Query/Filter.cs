namespace Twins.Contracts.Query;

/// <summary>
/// A condition on a twin's document, in RQL: <c>and(eq(tags/site,"rotterdam"),gt(reported/temp,80))</c>. Made by
/// <see cref="Rql.TryParseFilter"/>; immutable. What each holds for is in docs/query.md.
/// </summary>
public abstract record Filter
{
    private protected Filter()
    {
    }
}
