using System.Text.Json;

namespace Twins.Simulators.Verification;

/// <summary>Puts a twin beside what its device was acknowledged for, and notes what has to be asked of the ledger.</summary>
internal sealed class TwinComparison
{
    private readonly List<string> _path = [];
    private readonly SeenTwin? _seen;

    /// <summary>Compares.</summary>
    /// <param name="expected">What the ledger says.</param>
    /// <param name="found">What the platform has; null: no such twin.</param>
    /// <param name="seen">What an earlier look found; null: there was none.</param>
    public TwinComparison(ExpectedTwin expected, FoundTwin? found, SeenTwin? seen)
    {
        (Expected, Found, _seen) = (expected, found, seen);
        if (found is not null)
        {
            Members(expected.Reported, found.Reported, null);
        }
    }

    public ExpectedTwin Expected { get; }

    public FoundTwin? Found { get; }

    /// <summary>How many properties were acknowledged and compared.</summary>
    public int Properties { get; private set; }

    /// <summary>The properties that are not as expected, outer ones before those within.</summary>
    public List<Question> Questions { get; } = [];

    /// <summary>Properties the device never sent anything about.</summary>
    public List<(string[] Path, JsonElement Value)> Unknown { get; } = [];

    /// <summary>The entries this look found at least, by path.</summary>
    public Dictionary<string, long> Entries { get; } = new(StringComparer.Ordinal);

    private void Members(ExpectedNode node, JsonElement? found, ReportPlace? around)
    {
        var within = node.EndOfChildren(around);
        foreach (var (name, child) in node.Children)
        {
            _path.Add(name);
            Compare(child, Member(found, name), within);
            _path.RemoveAt(_path.Count - 1);
        }

        if (found is not { ValueKind: JsonValueKind.Object } members)
        {
            return;
        }

        foreach (var member in members.EnumerateObject())
        {
            if (!node.Children.ContainsKey(member.Name))
            {
                Unknown.Add(([.. _path, member.Name], member.Value));
            }
        }
    }

    private void Compare(ExpectedNode node, JsonElement? found, ReportPlace? around)
    {
        var isEnded = around is { } end && (node.Last is not { } last || end.IsLaterThan(last));
        var place = isEnded ? around : node.Last;
        var value = isEnded ? null : node.Value;
        var isObject = !isEnded && node.Last is not null && node.IsObject;
        var path = Twins.Contracts.Json.PropertyPath.Format(_path);
        var same = isObject
            ? found is { ValueKind: JsonValueKind.Object }
            : value is null ? found is null : found is { } there && JsonValues.AreEqual(value, there);

        // What is an object is told by what it holds.
        var seen = isObject ? null : _seen?.EntryOf(path);
        if (place is not null && !isObject)
        {
            Properties++;
        }

        if (!same || (seen is { } earlier && earlier != place?.Entry))
        {
            Questions.Add(new Question([.. _path], found)
            {
                Expected = place, ExpectedValue = value, ExpectedObject = isObject, IsAsExpected = same, SeenEntry = seen,
                IsLostWithin = isObject && found is null && HasExpectedChildren(node, around),
            });
        }
        else if (place is { } certain && !isObject)
        {
            Entries[path] = certain.Entry;
        }

        Members(node, found, around);
    }

    // Where an object is lost, its properties are what is missed.
    private static bool HasExpectedChildren(ExpectedNode node, ReportPlace? around)
    {
        var within = node.EndOfChildren(around);
        return node.Children.Values.Any(child => child.IsExpected(within));
    }

    // A property that is null is absent.
    private static JsonElement? Member(JsonElement? found, string name) =>
        found is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;
}
