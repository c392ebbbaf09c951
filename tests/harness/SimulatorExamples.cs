namespace Twins.Tests.Harness;

/// <summary>The fleet files in <c>simulators/examples</c>.</summary>
public static class SimulatorExamples
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Simulator.Examples, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>So fast that the whole of an example takes some seconds.</summary>
    public static string[] Pace(string example) => example switch
    {
        "plant.yaml" => ["--speed", "600"],
        "city.yaml" => ["--speed", "14400"],
        "lab.yaml" => ["--speed", "7200"],
        // Pauses between connects, acknowledgements and sessions are in real time: no faster than that.
        "storm.yaml" => ["--speed", "30"],
        // One that nobody has thought of here: as much of it as takes so long.
        _ => ["--speed", "20", "--duration", "3min"],
    };
}
