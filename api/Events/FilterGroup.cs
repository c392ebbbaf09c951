using Twins.Contracts.Query;

namespace Twins.Api.Events;

/// <summary>The clients that have the same filter: it is tested once for all of them. <see cref="EventHub"/> holds its lock around it.</summary>
/// <param name="text">The filter.</param>
/// <param name="matched">The filter, as the hub's matcher knows it.</param>
internal sealed class FilterGroup(string text, MatchedFilter matched)
{
    private long _asked;
    private bool _holds;

    /// <summary>The filter.</summary>
    public string Text => text;

    /// <summary>The filter, as the hub's matcher knows it.</summary>
    public MatchedFilter Matched => matched;

    /// <summary>Those that follow all twins.</summary>
    public HashSet<HubClient> Everywhere { get; } = [];

    /// <summary>How many have it, those that follow one twin as well.</summary>
    public int Clients { get; set; }

    /// <summary>Whether it holds after an event whose document the matcher has read; asked once for each event.</summary>
    public bool Holds(long sequence, FilterMatcher matcher)
    {
        if (_asked != sequence)
        {
            (_asked, _holds) = (sequence, matcher.Matches(matched));
        }

        return _holds;
    }
}
