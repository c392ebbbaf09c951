using System.Text.Json.Nodes;

namespace Twins.Faults.Tests;

/// <summary>What the simulators and their ledgers say at the end of a round.</summary>
internal sealed record FleetEnd
{
    /// <summary>Reports that were acknowledged.</summary>
    public long Acknowledged { get; init; }

    /// <summary>Messages without an acknowledgement at the end.</summary>
    public long Unacknowledged { get; init; }

    /// <summary>Commands that a device got again, with the same id.</summary>
    public long CommandsRepeated { get; init; }

    /// <summary>Properties that were acknowledged and are not there, or have a value from before.</summary>
    public int Lost { get; init; }

    /// <summary>Properties with a value that their device never sent.</summary>
    public int Wrong { get; init; }

    /// <summary>Properties that are missing of what a broker had acknowledged and not saved.</summary>
    public int NotSaved { get; init; }

    /// <summary>What is wrong, the first few.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Together with what a verification has found.</summary>
    public FleetEnd With(JsonNode report) => this with
    {
        Lost = Lost + (int)report["lost"]! + (int)report["stale"]! + (int)report["backwards"]!,
        Wrong = Wrong + (int)report["wrong"]!,
        Findings = [.. Findings, .. report["findings"]!.AsArray().Take(5).Select(finding => finding!.ToJsonString())],
    };
}
