namespace Twins.Simulators.Plans;

/// <summary>One kind of devices, and how many of them there are.</summary>
internal sealed record KindPlan
{
    /// <summary>As it stands in twin ids; unique within a fleet.</summary>
    public required string Name { get; init; }

    public int Count { get; init; } = 1;

    /// <summary>The twin id behind the namespace; <c>{kind}</c>, <c>{n}</c> and <c>{n:000}</c> are filled in, n from 1.</summary>
    public string IdPattern { get; init; } = "{kind}-{n}";

    /// <summary>
    /// What an application knows of each device, as JSON values by name, set over REST before the fleet starts. A text may
    /// hold <c>{kind}</c> and <c>{n}</c>; a list is dealt out in turn.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Tags { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What a device measures, and what it can be set to.</summary>
    public required IReadOnlyList<PropertyPlan> Properties { get; init; }

    public ReportPlan Report { get; init; } = new();

    /// <summary>What a device does with what is desired of it.</summary>
    public ReactionPlan Desired { get; init; } = ReactionPlan.AtOnce;

    /// <summary>The same for single properties, by path (<c>motor/rpm</c>).</summary>
    public IReadOnlyDictionary<string, ReactionPlan> DesiredOf { get; init; } = new Dictionary<string, ReactionPlan>();

    /// <summary>What a device does with a command, by name; <c>*</c> for all others. Beside these all answer ping, echo, identify, measure and reboot.</summary>
    public IReadOnlyDictionary<string, CommandPlan> Commands { get; init; } = new Dictionary<string, CommandPlan>();

    /// <summary>How many devices of this kind share one connection, as behind a field gateway.</summary>
    public int DevicesPerConnection { get; init; } = 1;

    /// <summary>Numbers reported messages (epoch and seq).</summary>
    public bool Sequence { get; init; }

    /// <summary>Sends the device's time along (ts).</summary>
    public bool Timestamps { get; init; }
}
