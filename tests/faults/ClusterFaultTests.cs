namespace Twins.Faults.Tests;

/// <summary>Faults of a cluster of three silos and of what it hangs on.</summary>
public sealed class ClusterFaultTests(ClusterFixture fixture) : FaultTest, IClassFixture<ClusterFixture>
{
    [Fact]
    public async Task Silos_that_are_killed_restarted_and_stand_still_lose_nothing()
    {
        Require.Components(Component.Redis, Component.Mosquitto);
        await Inflict(
            fixture.Cluster,
            FaultCatalog.Of("silo-kill"),
            FaultCatalog.Of("link-silo-kill"),
            FaultCatalog.Of("silo-restart"),
            FaultCatalog.Of("silo-stop") with { For = TimeSpan.FromSeconds(4) });
    }

    [Fact]
    public async Task A_silo_that_is_cut_off_and_comes_back_loses_nothing()
    {
        Require.Components(Component.Redis, Component.Mosquitto);
        if (await PrivateNetwork.WhyNot() is { } reason)
        {
            Assert.Skip(reason);
        }

        await Inflict(fixture.Cluster, FaultCatalog.Of("silo-cut") with { For = TimeSpan.FromSeconds(4) });
    }

    [Fact]
    public async Task What_a_cluster_hangs_on_is_killed_and_restarted_and_nothing_is_lost()
    {
        Require.Components(Component.Redis, Component.Mosquitto);
        await Inflict(
            fixture.Cluster,
            FaultCatalog.Of("api-kill"),
            FaultCatalog.Of("redis-kill"),
            FaultCatalog.Of("mosquitto-restart"),
            FaultCatalog.Of("mosquitto-kill"));
    }
}
