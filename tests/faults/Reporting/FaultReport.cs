using System.Text.Json;

namespace Twins.Faults.Tests;

/// <summary>What all rounds of a fault have come to: the members of a line of <c>--json</c>, in camel case.</summary>
internal sealed record FaultReport
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required string Fault { get; init; }

    /// <summary>In words.</summary>
    public required string What { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Twins that were watched in each.</summary>
    public required int Twins { get; init; }

    /// <summary>Cores of the machine.</summary>
    public int Cores => Environment.ProcessorCount;

    /// <summary>Processes that wanted a core, on average over the rounds; with more of them than cores, times are the machine's too.</summary>
    public required double Load { get; init; }

    /// <summary>From the fault until every twin answered.</summary>
    public required Percentiles Silent { get; init; }

    /// <summary>How many twins did not answer for a time, at most.</summary>
    public required int SilentTwins { get; init; }

    /// <summary>From the fault until every twin showed an update.</summary>
    public required Percentiles Stuck { get; init; }

    /// <summary>The longest time that a twin did not answer later, as when what was struck came back.</summary>
    public required Percentiles SilentLater { get; init; }

    /// <summary>The longest time that a twin showed no update later.</summary>
    public required Percentiles StuckLater { get; init; }

    /// <summary>Rounds in which what came back ended itself.</summary>
    public required int EndedItself { get; init; }

    public required long Acknowledged { get; init; }

    /// <summary>Lost, stale or wrong, of devices; and lost, of REST writes.</summary>
    public required long Lost { get; init; }

    public required long Backwards { get; init; }

    public required long AppliedTwice { get; init; }

    public required long CommandsRepeated { get; init; }

    /// <summary>Missing of what a broker had acknowledged and not saved: no promise.</summary>
    public required long NotSaved { get; init; }

    /// <summary>Revisions that two activations have both written.</summary>
    public required long Forks { get; init; }

    /// <summary>Writes that the store refused, because another activation had written.</summary>
    public required long RefusedWrites { get; init; }

    /// <summary>Events that were looked through for forks.</summary>
    public required long Events { get; init; }

    /// <summary>By request and status.</summary>
    public required IReadOnlyDictionary<string, long> Answers { get; init; }

    /// <summary>What was done, as an operator would type it: of the last round.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>What is broken of the promises, by round.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    public static FaultReport Of(Fault fault, IReadOnlyList<RoundResult> rounds) => new()
    {
        Fault = fault.Name,
        What = fault.What,
        Rounds = rounds.Count,
        Twins = rounds.Max(round => round.Twins),
        Load = Math.Round(rounds.Average(round => round.Load), 1),
        Silent = Percentiles.Of(rounds.Select(round => round.Silent)),
        SilentTwins = rounds.Max(round => round.SilentTwins),
        Stuck = Percentiles.Of(rounds.Select(round => round.Stuck)),
        SilentLater = Percentiles.Of(rounds.Select(round => round.SilentLater)),
        StuckLater = Percentiles.Of(rounds.Select(round => round.StuckLater)),
        EndedItself = rounds.Count(round => round.EndedItself),
        Acknowledged = rounds.Sum(round => round.Fleet.Acknowledged),
        Lost = rounds.Sum(round => (long)round.Fleet.Lost + round.Fleet.Wrong + round.WritesLost),
        Backwards = rounds.Sum(round => (long)round.Backwards.Count),
        AppliedTwice = rounds.Sum(round => (long)round.AppliedTwice.Count),
        CommandsRepeated = rounds.Sum(round => round.Fleet.CommandsRepeated),
        NotSaved = rounds.Sum(round => (long)round.Fleet.NotSaved),
        Forks = rounds.Sum(round => (long)round.Forks.Count),
        RefusedWrites = rounds.Sum(round => (long)round.RefusedWrites),
        Events = rounds.Sum(round => (long)round.Events),
        Answers = rounds.SelectMany(round => round.Answers).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value), StringComparer.Ordinal),
        Commands = rounds[^1].Commands,
        Broken = [.. rounds.SelectMany((round, number) => round.Broken.Select(what => $"round {number + 1} ({round.Part}): {what}"))],
    };

    /// <summary>One line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}
