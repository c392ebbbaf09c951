using System.Text.Json;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Devices;

/// <summary>A part of what is desired that is reacted to in one way.</summary>
/// <param name="Path">The names on the way to it.</param>
/// <param name="Value">What is desired there.</param>
/// <param name="Reaction">What the device does.</param>
internal sealed record DesiredChange(string[] Path, JsonElement Value, ReactionPlan Reaction)
{
    /// <summary>When it is reacted to, since the fleet's start.</summary>
    public TimeSpan Due { get; init; }

    /// <summary>Whether the same is desired of the same.</summary>
    public bool Wants(DesiredChange other) => Path.AsSpan().SequenceEqual(other.Path) && JsonElement.DeepEquals(Value, other.Value);
}
