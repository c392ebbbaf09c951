using Twins.Contracts.Query.Matching;

namespace Twins.Contracts.Query;

/// <summary>A filter that a <see cref="FilterMatcher"/> knows.</summary>
public sealed class MatchedFilter
{
    internal MatchedFilter(FilterMatcher owner, long readBefore)
    {
        Owner = owner;
        ReadBefore = readBefore;
    }

    /// <summary>Who knows it; null once it is removed.</summary>
    internal FilterMatcher? Owner { get; set; }

    /// <summary>Documents that were read before it was added.</summary>
    internal long ReadBefore { get; }

    /// <summary>The filter.</summary>
    internal FilterTest Test { get; set; } = null!;

    /// <summary>The places it looks at.</summary>
    internal List<MatchedPlace> Places { get; } = [];
}
