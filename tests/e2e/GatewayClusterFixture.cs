using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A cluster that several tests share, none of which ends a silo.</summary>
public sealed class GatewayClusterFixture : IAsyncLifetime
{
    public Cluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho, Component.Redis);
        Cluster = await Cluster.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (Cluster is not null)
        {
            await Cluster.DisposeAsync();
        }
    }
}
