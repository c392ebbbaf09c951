namespace Twins.Faults.Tests;

/// <summary>All faults there are.</summary>
internal static class FaultCatalog
{
    /// <summary>In the order in which they are inflicted.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("silo-kill", Affliction.Kill, Victim.Silo, 20),
        new("link-silo-kill", Affliction.Kill, Victim.LinkSilo, 10),
        new("silo-restart", Affliction.Restart, Victim.Silo, 10),
        new("link-silo-restart", Affliction.Restart, Victim.LinkSilo, 5),
        new("silo-stop", Affliction.Stop, Victim.Silo, 5),
        new("link-silo-stop", Affliction.Stop, Victim.LinkSilo, 5),
        new("silo-cut", Affliction.Cut, Victim.Silo, 5),
        new("link-silo-cut", Affliction.Cut, Victim.LinkSilo, 5),
        new("api-kill", Affliction.Kill, Victim.Api, 5),
        new("api-restart", Affliction.Restart, Victim.Api, 5),
        new("redis-kill", Affliction.Kill, Victim.Redis, 10),
        new("redis-restart", Affliction.Restart, Victim.Redis, 5),
        new("redis-stop", Affliction.Stop, Victim.Redis, 5),
        new("mosquitto-kill", Affliction.Kill, Victim.Mosquitto, 10),
        new("mosquitto-restart", Affliction.Restart, Victim.Mosquitto, 10),
        new("mosquitto-stop", Affliction.Stop, Victim.Mosquitto, 5),
        new("single-kill", Affliction.Kill, Victim.Single, 20),
        new("single-restart", Affliction.Restart, Victim.Single, 5),
        new("single-stop", Affliction.Stop, Victim.Single, 5),
    ];

    /// <summary>The fault of this name.</summary>
    public static Fault Of(string name) => All.First(fault => fault.Name == name);

    /// <summary>Those of this name, or whose name begins with it; none where nothing is called so.</summary>
    public static IReadOnlyList<Fault> Matching(string name) =>
        All.Where(fault => fault.Name == name).ToArray() is { Length: > 0 } exact
            ? exact
            : [.. All.Where(fault => fault.Name.StartsWith($"{name}-", StringComparison.Ordinal))];
}
