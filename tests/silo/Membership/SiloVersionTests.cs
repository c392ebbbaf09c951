using System.Text.Json;
using Twins.Contracts;
using Twins.Silo.Membership;
using Twins.Silo.Storage;
using Xunit;

namespace Twins.Silo.Tests.Membership;

public sealed class SiloVersionTests
{
    private static readonly SiloVersion s_this = new(Grains: 3, OldestGrains: 3, Writes: 2, Reads: 2);
    private static readonly SiloVersion s_readsNext = new(Grains: 4, OldestGrains: 3, Writes: 2, Reads: 3);
    private static readonly SiloVersion s_writesNext = new(Grains: 5, OldestGrains: 3, Writes: 3, Reads: 3);

    [Fact]
    public void Own_version_is_that_of_grains_and_formats() =>
        Assert.Equal(new SiloVersion(GrainVersion.Current, GrainVersion.OldestCompatible, StoredFormat.Written, StoredFormat.Readable), SiloVersion.Own);

    [Fact]
    public void Releases_side_by_side_join_one_another()
    {
        Assert.All<(SiloVersion Joins, SiloVersion Member)>(
            [(s_this, s_this), (s_readsNext, s_this), (s_this, s_readsNext), (s_writesNext, s_readsNext), (s_readsNext, s_writesNext)],
            pair => Assert.Null(pair.Joins.WhyNotWith(pair.Member, "10.0.0.11:11111")));
    }

    [Fact]
    public void Member_that_is_too_old_is_named_with_both_versions() => Assert.Equal(
        "silo 10.0.0.11:11111 of this cluster has version 2, and this silo (version 3) can join silos of version 3 and later only; stop all silos of the cluster before you start this version.",
        s_this.WhyNotWith(SiloVersion.NotNoted, "10.0.0.11:11111"));

    [Fact]
    public void Silo_that_is_too_old_for_a_member_is_refused() => Assert.Equal(
        "silo 10.0.0.11:11111 of this cluster (version 9) works with silos of version 4 and later only, and this silo has version 3; start the release that the cluster runs.",
        s_this.WhyNotWith(s_this with { Grains = 9, OldestGrains = 4 }, "10.0.0.11:11111"));

    [Fact]
    public void Format_that_a_member_cannot_read_is_refused() => Assert.Equal(
        "silo 10.0.0.11:11111 of this cluster reads stored formats up to 2, and this silo writes format 3; bring all silos to a release that reads format 3 before you start this one.",
        s_writesNext.WhyNotWith(s_this, "10.0.0.11:11111"));

    /// <summary>Members are added, and never renamed: silos of other releases read this.</summary>
    [Fact]
    public void Noted_form_is_pinned() => Assert.Equal(
        """{"grains":3,"oldestGrains":3,"writes":2,"reads":2}""", JsonSerializer.Serialize(s_this, SiloVersionJson.Default.SiloVersion));
}
