using System.Globalization;

namespace Twins.Faults.Tests;

/// <summary>What the command line of <c>tests/soak</c> says.</summary>
internal sealed record FaultOptions
{
    /// <summary>What to inflict.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = FaultCatalog.All;

    /// <summary>How often each; null: as often as the fault says.</summary>
    public int? Rounds { get; init; }

    /// <summary>How long a stop or a cut lasts; null: as long as the fault says.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Devices at the gateways; half as many hang on the broker.</summary>
    public int Devices { get; init; } = 30;

    /// <summary>Where a line of JSON for each fault goes; null: nowhere.</summary>
    public string? Json { get; init; }

    /// <summary>The folder where what the processes print goes, a file for each and round; null: nowhere.</summary>
    public string? Logs { get; init; }

    /// <summary>The names of the faults are all that is wanted.</summary>
    public bool List { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message says what.</exception>
    public static FaultOptions Parse(IReadOnlyList<string> line)
    {
        var options = new FaultOptions();
        for (var at = 0; at < line.Count; at++)
        {
            options = line[at] switch
            {
                "--list" => options with { List = true },
                "--what" => options with { Faults = [.. Value().Split(',').SelectMany(Named).Distinct()] },
                "--rounds" => options with { Rounds = Number(1, 100_000) },
                "--for" => options with { For = TimeSpan.FromSeconds(Number(1, 3_600)) },
                "--devices" => options with { Devices = Number(1, 10_000) },
                "--json" => options with { Json = Value() },
                "--logs" => options with { Logs = Value() },
                var other => throw new FormatException($"there is no option {other}; there are --what, --rounds, --for, --devices, --json, --logs and --list"),
            };

            string Value() => ++at < line.Count ? line[at] : throw new FormatException($"{line[at - 1]} needs a value");

            int Number(int least, int most)
            {
                var option = line[at];
                return int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                    ? number
                    : throw new FormatException($"{option} {line[at]} is no whole number from {least} to {most}");
            }
        }

        return options;
    }

    private static IReadOnlyList<Fault> Named(string name) => name == "all"
        ? FaultCatalog.All
        : FaultCatalog.Matching(name) is { Count: > 0 } some
            ? some
            : throw new FormatException($"there is no fault \"{name}\"; --list names them");
}
