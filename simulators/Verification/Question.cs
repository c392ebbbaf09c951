using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>A property that is not as the last acknowledged report says, and what the ledger has to say about the value found.</summary>
internal sealed class Question(string[] path, JsonElement? found)
{
    private readonly JsonElement? _found = found;
    private ReportPlace? _seen;
    private ReportPlace? _latest;
    private ReportPlace? _earliestExplanation;

    /// <summary>Its names, outermost first.</summary>
    public string[] Path { get; } = path;

    /// <summary>What the twin has; null: nothing.</summary>
    public JsonElement? Found => _found;

    /// <summary>The acknowledged report that decides; null: none does.</summary>
    public ReportPlace? Expected { get; init; }

    /// <summary>What it says; null: that there is no such property, or that it is an object.</summary>
    public byte[]? ExpectedValue { get; init; }

    /// <summary>Whether it says that it is an object.</summary>
    public bool ExpectedObject { get; init; }

    /// <summary>
    /// Whether it is an object that is not there, and whose properties are asked for themselves: it is missed only where none
    /// of them is, because something acknowledged or not has ended them.
    /// </summary>
    public bool IsLostWithin { get; init; }

    /// <summary>Whether the twin has what it says: only an earlier look makes this a question.</summary>
    public bool IsAsExpected { get; init; }

    /// <summary>The entry that an earlier look found, at least; null: there was none.</summary>
    public long? SeenEntry { get; init; }

    /// <summary>Whether the value found can be right: it was sent, and nothing acknowledged is later.</summary>
    public bool IsExplained => _earliestExplanation is not null;

    /// <summary>The latest entry with the value found; null: the device never sent it.</summary>
    public long? FoundEntry => _latest?.Entry;

    /// <summary>Whether an earlier look saw what is later than all that can explain the value found.</summary>
    public bool WentBack => _seen is { } seen && _latest is { } latest && seen.IsLaterThan(latest);

    /// <summary>The entry that this look found at least; null: nothing certain.</summary>
    public long? AtLeast => _earliestExplanation is not { } certain || (_seen is { } seen && seen.IsLaterThan(certain)) ? SeenEntry : certain.Entry;

    /// <summary>Listens to a report of the device.</summary>
    public void Consider(ReadOnlySpan<byte> patch, in ReportPlace place)
    {
        if (place.Entry == SeenEntry)
        {
            _seen = place;
        }

        var effect = PatchEffect.Of(patch, Path);
        if (!effect.Touches || !effect.Explains(Found))
        {
            return;
        }

        if (_latest is not { } known || place.IsLaterThan(known))
        {
            _latest = place;
        }

        if (Expected is { } expected && expected.IsLaterThan(place))
        {
            return;
        }

        // The same value may come again: what is certain is the first of them.
        if (_earliestExplanation is not { } earliest || earliest.IsLaterThan(place))
        {
            _earliestExplanation = place;
        }
    }
}
