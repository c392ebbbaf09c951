namespace Twins.Silo.Hosting;

/// <summary>Says what happens if Redis may lose what it acknowledged.</summary>
public enum StoreDurability
{
    /// <summary>The platform does not start; one that runs is not ready.</summary>
    Require,

    /// <summary>A warning in the log.</summary>
    Warn,

    /// <summary>It is not checked.</summary>
    Off,
}
