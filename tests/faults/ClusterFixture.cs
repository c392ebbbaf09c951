namespace Twins.Faults.Tests;

/// <summary>The cluster that the tests of a class share, one after the other.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private ClusterPlatform? _cluster;

    /// <summary>The running cluster.</summary>
    internal ClusterPlatform Cluster => _cluster ?? throw new InvalidOperationException("the test must be skipped where something for a cluster is missing");

    public async ValueTask InitializeAsync()
    {
        if (Component.Redis.Path is not null && Component.Mosquitto.Path is not null)
        {
            _cluster = await ClusterPlatform.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
