using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Twins.EndToEnd.Tests.LongestFirst))]

namespace Twins.EndToEnd.Tests;

/// <summary>Starts the classes that take longest before all others, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_longest =
    [
        nameof(MixedVersionTests), nameof(FleetClusterTests), nameof(ReadinessTests), nameof(SurvivalTests), nameof(FencingTests), nameof(RedisFaultTests),
        nameof(KillTests), nameof(BrokerTests), nameof(StartupTests), nameof(SharedLinkTests), nameof(FailingStoreTests), nameof(RollingRestartTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(s_longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal));
        return place < 0 ? s_longest.Length : place;
    }
}
