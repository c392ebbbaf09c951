using Twins.Simulators.Fleet;
using Twins.Simulators.Replay;

namespace Twins.Simulators.CommandLine;

/// <summary>What somebody asked for.</summary>
internal sealed record RunRequest
{
    public required FleetOptions Fleet { get; init; }

    public required int Devices { get; init; }

    public required Rate Rate { get; init; }

    public required string Prefix { get; init; }

    public required IReadOnlyList<string> Kinds { get; init; }

    public ReplayOptions? Replay { get; init; }

    public TimeSpan? Duration { get; init; }

    public bool Json { get; init; }

    public bool Quiet { get; init; }
}
