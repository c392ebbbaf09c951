using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>
/// A property as the acknowledged reports left it, and those within it. A merge patch sets, deletes or opens each property
/// by itself, so that its state is what the latest report said that touched it or made something else of an object around it.
/// </summary>
internal sealed class ExpectedNode
{
    private Dictionary<string, ExpectedNode>? _children;

    /// <summary>Those within it, sent ones that were never acknowledged included.</summary>
    public IReadOnlyDictionary<string, ExpectedNode> Children => _children ?? (IReadOnlyDictionary<string, ExpectedNode>)Empty;

    /// <summary>The latest acknowledged report that touched it; null: none.</summary>
    public ReportPlace? Last { get; private set; }

    /// <summary>The latest one that made something else than an object of it, and so ended all within it; null: none.</summary>
    public ReportPlace? LastEnd { get; private set; }

    /// <summary>What <see cref="Last"/> said: a value as JSON; null: it was deleted, or is an object.</summary>
    public byte[]? Value { get; private set; }

    /// <summary>Whether <see cref="Last"/> said that it is an object.</summary>
    public bool IsObject { get; private set; }

    private static Dictionary<string, ExpectedNode> Empty { get; } = [];

    /// <summary>Takes what a report says of this property.</summary>
    /// <param name="json">Stands on the value, and afterwards on its last token.</param>
    /// <param name="patch">The whole patch.</param>
    /// <param name="place">Where the report stands.</param>
    /// <param name="acknowledged">False: nothing is sure but that the properties were sent.</param>
    /// <param name="names">The names of properties, so that there is one text of each.</param>
    public void Take(ref Utf8JsonReader json, ReadOnlySpan<byte> patch, in ReportPlace place, bool acknowledged, NameTable names)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (acknowledged)
            {
                End(patch[start..(int)json.BytesConsumed], place);
            }

            return;
        }

        if (acknowledged && IsLatest(Last, place))
        {
            (Last, IsObject, Value) = (place, true, null);
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var child = Child(names.Of(json));
            json.Read();
            child.Take(ref json, patch, place, acknowledged, names);
        }
    }

    /// <summary>The later of what this node and those around it say ended all within it.</summary>
    public ReportPlace? EndOfChildren(ReportPlace? around) => LastEnd is { } end && IsLatest(around, end) ? end : around;

    /// <summary>Whether it is there, by the acknowledged reports, be it only for a property within it.</summary>
    public bool IsExpected(ReportPlace? around)
    {
        if (Last is { } last && !(around is { } end && end.IsLaterThan(last)) && (IsObject || Value is not null))
        {
            return true;
        }

        var within = EndOfChildren(around);
        return _children is not null && _children.Values.Any(child => child.IsExpected(within));
    }

    private void End(ReadOnlySpan<byte> value, in ReportPlace place)
    {
        if (IsLatest(LastEnd, place))
        {
            LastEnd = place;
        }

        if (IsLatest(Last, place))
        {
            (Last, IsObject) = (place, false);
            if (Value is null || !value.SequenceEqual(Value))
            {
                Value = value.SequenceEqual("null"u8) ? null : value.ToArray();
            }
        }
    }

    private ExpectedNode Child(string name)
    {
        _children ??= new Dictionary<string, ExpectedNode>(StringComparer.Ordinal);
        if (!_children.TryGetValue(name, out var child))
        {
            _children.Add(name, child = new ExpectedNode());
        }

        return child;
    }

    private static bool IsLatest(ReportPlace? known, in ReportPlace place) => known is not { } other || place.IsLaterThan(other);
}
