namespace Twins.Contracts;

/// <summary>
/// Numbers what grains and messages look like: docs/decisions/0012-versions.md says when it is raised, and what may change with it. Every
/// grain interface carries it.
/// </summary>
public static class GrainVersion
{
    /// <summary>Raised by one with a release that adds to a grain interface, or writes another stored format.</summary>
    public const ushort Current = 3;

    /// <summary>The oldest version that a silo of this one can be in a cluster with. 2 is release 0.1, which reads stored format 1 only.</summary>
    public const ushort OldestCompatible = 3;
}
