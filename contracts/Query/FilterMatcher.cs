using Twins.Contracts.Json;
using Twins.Contracts.Query.Matching;

namespace Twins.Contracts.Query;

/// <summary>
/// Tests documents, one at a time, against filters that come and go: what is at the paths that any of them names is read from a
/// document once, and then each filter looks only at that. Not thread-safe.
/// </summary>
public sealed partial class FilterMatcher
{
    private const string NotOfThis = "The filter was removed, or was added to another matcher; add it to this one.";

    private readonly DocumentReading _reading = new();
    private readonly DocumentWalk _walk = new();
    private readonly PathNode _document = new(null, []);

    // Delta is no part of the document; it is made of desired and reported, where somebody looks at it.
    private readonly PathNode _delta = new(null, []);
    private PathNode? _desired;
    private PathNode? _reported;

    /// <summary>Adds a filter. It is tested from the next document that is read.</summary>
    /// <returns>What names it from now on.</returns>
    public MatchedFilter Add(Filter filter)
    {
        var matched = new MatchedFilter(this, _reading.Number);
        matched.Test = Compile(filter, matched);
        if (_delta.Uses > 0 && _desired is null)
        {
            _desired = _document.Use(["desired"]);
            _reported = _document.Use(["reported"]);
        }

        return matched;
    }

    /// <summary>Removes a filter.</summary>
    /// <exception cref="ArgumentException">It is not one of this matcher, or not any more.</exception>
    public void Remove(MatchedFilter filter)
    {
        if (filter.Owner != this)
        {
            throw new ArgumentException(NotOfThis, nameof(filter));
        }

        filter.Owner = null;
        foreach (var place in filter.Places)
        {
            Leave(place);
        }

        if (_delta.Uses == 0 && _desired is not null)
        {
            _desired.Leave();
            _reported!.Leave();
            (_desired, _reported) = (null, null);
        }
    }

    /// <summary>Reads a document, which <see cref="Matches"/> then looks at.</summary>
    /// <param name="document">The document of a twin (<see cref="Twins.TwinView.Document"/>).</param>
    /// <param name="now">When it is asked.</param>
    public void Read(ReadOnlySpan<byte> document, DateTimeOffset now)
    {
        _reading.Start(now);
        var (desired, reported) = _walk.Walk(document, _document, _desired, _reported);
        if (_desired is not null)
        {
            ReadDelta(document[desired], document[reported]);
        }
    }

    /// <summary>Whether a filter holds for the document that was read last.</summary>
    /// <exception cref="ArgumentException">It is not one of this matcher, or not any more.</exception>
    /// <exception cref="InvalidOperationException">No document was read since it was added.</exception>
    public bool Matches(MatchedFilter filter)
    {
        if (filter.Owner != this)
        {
            throw new ArgumentException(NotOfThis, nameof(filter));
        }

        return filter.ReadBefore != _reading.Number
            ? filter.Test.Holds()
            : throw new InvalidOperationException("Nothing is known of a document that was read before the filter was added; read it again.");
    }

    private void ReadDelta(ReadOnlySpan<byte> desired, ReadOnlySpan<byte> reported)
    {
        var delta = new JsonOutput(desired.Length);
        try
        {
            JsonDelta.Compute(desired, reported, ref delta);

            // A delta in which nothing is is not there.
            if (delta.Length > JsonText.EmptyObject.Length)
            {
                _walk.WalkWithin(delta.Written, _delta);
            }
        }
        finally
        {
            delta.Dispose();
        }
    }
}
