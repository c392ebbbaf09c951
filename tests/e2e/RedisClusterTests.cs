using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The store may be a Redis Cluster: silos meet in it, twins are kept in all of it.</summary>
public sealed class RedisClusterTests : OwningTest
{
    private RedisClusterProcess? _redis;
    private Cluster? _cluster;

    public override ValueTask InitializeAsync()
    {
        Require.Components(Component.Redis, Component.RedisCli);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Twins_are_kept_on_all_its_nodes_and_silos_meet_in_it()
    {
        _redis = Ours(await RedisClusterProcess.Start());
        _cluster = Ours(await Cluster.Start(silos: 2, _redis.ConnectionString, new Dictionary<string, string>(StringComparer.Ordinal) { ["Twins:Cluster:DrainSeconds"] = "0" }));
        await using (var load = Load.Start(_cluster.Rest, _cluster.Silos[0].Settings.MqttPort, Enumerable.Repeat(32, 20)))
        {
            await load.GoesOn(2_000);
            await load.Finish();

            // What is acknowledged is in the store: the silos that had it die.
            await Task.WhenAll(_cluster.Silos.Select(silo => silo.Kill()));
            await Task.WhenAll(_cluster.StartAgain(0), _cluster.StartAgain(1));
            await _cluster.Api.Ready();
            await load.Ledger.Check(_cluster.Rest, TimeSpan.Zero);
            load.Ledger.AssertClean();
        }

        // A write that follows another state is refused as on one Redis.
        (await _cluster.Rest.Put("/twins/x", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
        (await _cluster.Rest.Patch("/twins/x", """{"tags":{"a":2}}""", ("If-Match", "\"7\""))).Expect(HttpStatusCode.PreconditionFailed);
        (await _cluster.Rest.Delete("/twins/x")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(20, (await _cluster.Rest.TwinIds()).Count);
        Assert.All(await _redis.Keys(), keys => Assert.InRange(keys, 1, int.MaxValue));
    }
}
