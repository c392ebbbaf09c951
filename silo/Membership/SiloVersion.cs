using System.Reflection;
using Orleans.CodeGeneration;
using Twins.Contracts;
using Twins.Contracts.Twins;
using Twins.Silo.Storage;

namespace Twins.Silo.Membership;

/// <summary>Tells which silos a silo can be in a cluster with.</summary>
/// <param name="Grains">The version of its grain interfaces.</param>
/// <param name="OldestGrains">The oldest version that it can be in a cluster with.</param>
/// <param name="Writes">The stored format that it writes.</param>
/// <param name="Reads">The newest stored format that it reads.</param>
internal sealed record SiloVersion(int Grains, int OldestGrains, int Writes, int Reads)
{
    /// <summary>Gets the version of a silo that notes none: release 0.1.</summary>
    public static SiloVersion NotNoted { get; } = new(2, 2, StoredFormat.First, StoredFormat.First);

    /// <summary>Gets the version of this silo.</summary>
    public static SiloVersion Own { get; } = new(
        typeof(ITwinGrain).GetCustomAttribute<VersionAttribute>()!.Version, GrainVersion.OldestCompatible, StoredFormat.Written, StoredFormat.Readable);

    /// <summary>Returns why a silo of this version must not join a cluster with a certain member; null if it may.</summary>
    /// <param name="member">The version of the member.</param>
    /// <param name="name">The name of the member, for the sentence.</param>
    public string? WhyNotWith(SiloVersion member, string name) =>
        member.Grains < OldestGrains
            ? $"silo {name} of this cluster has version {member.Grains}, and this silo (version {Grains}) can join silos of version {OldestGrains} and later only; stop all silos of the cluster before you start this version."
        : Grains < member.OldestGrains
            ? $"silo {name} of this cluster (version {member.Grains}) works with silos of version {member.OldestGrains} and later only, and this silo has version {Grains}; start the release that the cluster runs."
        : Writes > member.Reads
            ? $"silo {name} of this cluster reads stored formats up to {member.Reads}, and this silo writes format {Writes}; bring all silos to a release that reads format {Writes} before you start this one."
        : null;
}
