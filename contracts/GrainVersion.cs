namespace Twins.Contracts;

/// <summary>
/// The version of what grains and messages look like: docs/decisions/0012-versions.md says when it is raised, and what
/// may change with it. Every grain interface carries it.
/// </summary>
public static class GrainVersion
{
    /// <summary>Raised by one with a release that adds to a grain interface.</summary>
    public const ushort Current = 2;
}
