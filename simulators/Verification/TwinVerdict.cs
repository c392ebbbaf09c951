using System.Text.Json;
using System.Text.Json.Nodes;
using Twins.Contracts.Json;

namespace Twins.Simulators.Verification;

/// <summary>What a comparison amounts to, once the ledger was asked.</summary>
internal sealed class TwinVerdict
{
    private readonly TwinComparison _comparison;
    private readonly DateTimeOffset _ledgerStarted;
    private readonly List<Finding> _findings = [];

    /// <summary>Decides.</summary>
    /// <param name="comparison">A comparison whose questions have considered every report of the device.</param>
    /// <param name="seen">What an earlier look found; null: there was none.</param>
    /// <param name="ledgerStarted">Since when the ledger knows everything the device said.</param>
    public TwinVerdict(TwinComparison comparison, SeenTwin? seen, DateTimeOffset ledgerStarted)
    {
        (_comparison, _ledgerStarted) = (comparison, ledgerStarted);
        var (id, found) = (comparison.Expected.Id, comparison.Found);
        if (found is null)
        {
            if (comparison.Expected.LastAcknowledged is { } entry)
            {
                _findings.Add(new Finding(Verdict.Lost, id, null, null, null, entry, null));
            }

            return;
        }

        if (seen?.Revision > found.Revision)
        {
            _findings.Add(new Finding(Verdict.Backwards, id, null, JsonValue.Create(seen.Revision), JsonValue.Create(found.Revision), null, null));
        }

        var damaged = new List<string[]>();
        foreach (var question in comparison.Questions.Where(question => !question.IsLostWithin && !IsWithin(damaged, question.Path)))
        {
            Decide(question, damaged);
        }

        // The innermost first: who misses that does not miss what is around it.
        foreach (var question in comparison.Questions.Where(static question => question is { IsLostWithin: true, IsExplained: false }).Reverse())
        {
            if (!damaged.Exists(within => IsWithin([question.Path], within)) && !IsWithin(damaged, question.Path))
            {
                Decide(question, damaged);
            }
        }

        foreach (var (path, value) in comparison.Unknown.Where(unknown => !IsWithin(damaged, unknown.Path)))
        {
            if (IsOurs)
            {
                Add(Verdict.Wrong, path, null, value, null, null);
            }
            else
            {
                Older++;
            }
        }
    }

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Properties whose value was sent and not acknowledged.</summary>
    public int Unacknowledged { get; private set; }

    /// <summary>Properties from before the ledger.</summary>
    public int Older { get; private set; }

    /// <summary>What to remember of this look, given what was remembered before.</summary>
    public SeenTwin? Remember(SeenTwin? before)
    {
        if (_comparison.Found is not { } found)
        {
            return before;
        }

        foreach (var question in _comparison.Questions)
        {
            // What went back stays remembered as it was: the next look shall find it too.
            if (question.AtLeast is { } entry && !question.ExpectedObject)
            {
                _comparison.Entries[PropertyPath.Format(question.Path)] = entry;
            }
        }

        return new SeenTwin(Math.Max(found.Revision, before?.Revision ?? 0), _comparison.Entries);
    }

    // A twin that the platform made after the ledger began holds nothing but what the ledger knows.
    private bool IsOurs => _comparison.Found!.CreatedAt >= _ledgerStarted;

    private void Decide(Question question, List<string[]> damaged)
    {
        if (question.WentBack && question.Found is not null)
        {
            Damage(Verdict.Backwards);
        }
        else if (question.IsAsExpected)
        {
            // Asked only because of an earlier look.
        }
        else if (question.IsExplained)
        {
            Unacknowledged++;
        }
        else if (question.Found is null)
        {
            if (question.ExpectedValue is not null || question.ExpectedObject)
            {
                Damage(Verdict.Lost);
            }
        }
        else if (question.FoundEntry is not null)
        {
            Damage(Verdict.Stale);
        }
        else if (question.Expected is null && !IsOurs)
        {
            Older++;
        }
        else
        {
            Damage(Verdict.Wrong);
        }

        void Damage(Verdict verdict)
        {
            damaged.Add(question.Path);
            var expected = question.ExpectedValue is { } value ? JsonElement.Parse(value) : question.ExpectedObject ? JsonElement.Parse("{}") : (JsonElement?)null;
            Add(verdict, question.Path, expected, question.Found, question.Expected?.Entry, question.FoundEntry);
        }
    }

    private void Add(Verdict verdict, string[] path, JsonElement? expected, JsonElement? found, long? entry, long? foundEntry) =>
        _findings.Add(new Finding(
            verdict, _comparison.Expected.Id, PropertyPath.Format(path), Node(expected), Node(found), entry, foundEntry));

    private static JsonNode? Node(JsonElement? element) => element is { } value ? JsonNode.Parse(value.GetRawText()) : null;

    private static bool IsWithin(List<string[]> outer, string[] path) =>
        outer.Exists(other => other.Length < path.Length && path.AsSpan(0, other.Length).SequenceEqual(other));
}
