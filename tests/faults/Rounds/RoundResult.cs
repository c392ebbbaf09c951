using System.Collections.Frozen;

namespace Twins.Faults.Tests;

/// <summary>What one round has come to. Times are in seconds.</summary>
internal sealed record RoundResult
{
    /// <summary>Which part was struck.</summary>
    public required string Part { get; init; }

    /// <summary>From the fault until every twin answered a read again; 0: none has ever not. Null: not until the deadline.</summary>
    public required double? Silent { get; init; }

    /// <summary>How many twins did not answer for a time.</summary>
    public required int SilentTwins { get; init; }

    /// <summary>From the fault until every twin showed an update of its device again; 0: there was no pause.</summary>
    public required double? Stuck { get; init; }

    /// <summary>The longest time that a twin did not answer later, as when what was struck came back. Null: not until the deadline.</summary>
    public required double? SilentLater { get; init; }

    /// <summary>The longest time that a twin showed no update later.</summary>
    public required double? StuckLater { get; init; }

    /// <summary>What came back from a stop or a cut ended itself, and was started again.</summary>
    public required bool EndedItself { get; init; }

    /// <summary>How many twins were watched.</summary>
    public required int Twins { get; init; }

    /// <summary>Processes that wanted a core, over the last minute of the round: how far its times are the machine's.</summary>
    public double Load { get; init; }

    /// <summary>What ledgers say.</summary>
    public FleetEnd Fleet { get; init; } = new();

    /// <summary>REST writes that were answered with 2xx and are not there.</summary>
    public int WritesLost { get; init; }

    /// <summary>What was less than it was seen to be.</summary>
    public IReadOnlyCollection<string> Backwards { get; init; } = [];

    /// <summary>Messages that were applied twice.</summary>
    public IReadOnlyCollection<string> AppliedTwice { get; init; } = [];

    /// <summary>Revisions that two activations have both written.</summary>
    public IReadOnlyCollection<string> Forks { get; init; } = [];

    /// <summary>Writes that the store refused because another activation had written.</summary>
    public int RefusedWrites { get; init; }

    /// <summary>Events that were looked through for forks.</summary>
    public int Events { get; init; }

    /// <summary>REST answers by request and status.</summary>
    public IReadOnlyDictionary<string, long> Answers { get; init; } = FrozenDictionary<string, long>.Empty;

    /// <summary>What an operator would have typed.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>What is broken of the promises; empty: nothing.</summary>
    public IReadOnlyList<string> Broken =>
    [
        .. Recovered ? [] : new[] { "not all twins answered and took updates again" },
        .. Fleet.Lost + Fleet.Wrong == 0 ? [] : new[] { $"{Fleet.Lost} lost, {Fleet.Wrong} wrong: {string.Join("; ", Fleet.Findings.Take(5))}" },
        .. WritesLost == 0 ? [] : new[] { $"{WritesLost} REST writes lost" },
        .. Some("backwards", Backwards),
        .. Some("applied twice", AppliedTwice),
        .. Some("two activations have written", Forks),
    ];

    private bool Recovered => Silent is not null && Stuck is not null && SilentLater is not null && StuckLater is not null;

    private static string[] Some(string what, IReadOnlyCollection<string> of) =>
        of.Count == 0 ? [] : [$"{of.Count} {what}: {string.Join("; ", of.Take(5))}"];
}
