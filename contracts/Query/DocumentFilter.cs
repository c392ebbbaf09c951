namespace Twins.Contracts.Query;

/// <summary>One filter for one document after the other; <see cref="FilterMatcher"/> is for many filters. Not thread-safe.</summary>
public sealed class DocumentFilter
{
    private readonly FilterMatcher _matcher = new();
    private readonly MatchedFilter _matched;

    /// <summary>Makes it.</summary>
    public DocumentFilter(Filter filter) => _matched = _matcher.Add(filter);

    /// <summary>Whether the filter holds for a document.</summary>
    /// <param name="document">The document of a twin (<see cref="Twins.TwinView.Document"/>).</param>
    /// <param name="now">When it is asked.</param>
    public bool Holds(ReadOnlySpan<byte> document, DateTimeOffset now)
    {
        _matcher.Read(document, now);
        return _matcher.Matches(_matched);
    }
}
