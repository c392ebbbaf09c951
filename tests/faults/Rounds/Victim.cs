namespace Twins.Faults.Tests;

/// <summary>The part that a fault strikes.</summary>
internal enum Victim
{
    /// <summary>One silo of three that does not hold the broker link.</summary>
    Silo,

    /// <summary>The silo of three that holds the broker link.</summary>
    LinkSilo,

    /// <summary>The API, a client of the cluster.</summary>
    Api,

    /// <summary>The store.</summary>
    Redis,

    /// <summary>The broker.</summary>
    Mosquitto,

    /// <summary>The one process that is all of the platform, on the embedded store.</summary>
    Single,
}
