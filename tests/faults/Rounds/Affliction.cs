namespace Twins.Faults.Tests;

/// <summary>What is done to a part.</summary>
internal enum Affliction
{
    /// <summary>SIGKILL, and started again.</summary>
    Kill,

    /// <summary>SIGSTOP, and SIGCONT some seconds later: it is there, and does nothing.</summary>
    Stop,

    /// <summary>SIGTERM, and started again.</summary>
    Restart,

    /// <summary>Cut off from the network for some seconds: nothing comes or goes, and no connection ends.</summary>
    Cut,
}
