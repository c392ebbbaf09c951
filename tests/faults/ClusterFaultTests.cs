namespace Twins.Faults.Tests;

/// <summary>Faults of a cluster of three silos and of what it hangs on.</summary>
public sealed class ClusterFaultTests(ClusterFixture fixture) : FaultTest, IClassFixture<ClusterFixture>
{
    [Theory]
    [InlineData("silo-kill", 1)]
    [InlineData("link-silo-kill", 1)]
    [InlineData("link-silo-restart", 1)]
    [InlineData("api-kill", 1)]
    [InlineData("redis-kill", 1)]
    [InlineData("mosquitto-kill", 1)]
    [InlineData("mosquitto-restart", 1)]
    public async Task What_ends_and_is_started_again_loses_nothing(string fault, int rounds)
    {
        Require.Components(Component.Redis, Component.Mosquitto);
        await Inflict(fixture.Cluster, FaultCatalog.Of(fault), rounds);
    }

    [Theory]
    [InlineData("silo-stop", 4)]
    [InlineData("redis-stop", 2)]
    public async Task What_stands_still_and_goes_on_loses_nothing(string fault, int seconds)
    {
        Require.Components(Component.Redis, Component.Mosquitto);
        await Inflict(fixture.Cluster, FaultCatalog.Of(fault) with { For = TimeSpan.FromSeconds(seconds) }, 1);
    }

    [Fact]
    public async Task A_silo_that_is_cut_off_and_comes_back_loses_nothing()
    {
        Require.Components(Component.Redis, Component.Mosquitto);
        Assert.SkipWhen(await PrivateNetwork.WhyNot() is not null, await PrivateNetwork.WhyNot() ?? "");
        await Inflict(fixture.Cluster, FaultCatalog.Of("silo-cut") with { For = TimeSpan.FromSeconds(4) }, 1);
    }
}
