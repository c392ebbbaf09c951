namespace Twins.Tests.Harness;

/// <summary>What tests are repeated for.</summary>
public static class Matrix
{
    private static readonly Store[] s_stores = [Store.Embedded, Store.Redis];
    private static readonly Link[] s_links = [Link.Gateway, Link.Broker];
    private static readonly int[] s_versions = [4, 5];

    /// <summary>Every store with every link.</summary>
    public static TheoryData<Store, Link> StoresAndLinks() =>
        [.. s_stores.SelectMany(store => s_links, (store, link) => (store, link))];

    /// <summary>Every store with every link, in MQTT 3.1.1 (4) and MQTT 5.</summary>
    public static TheoryData<Store, Link, int> StoresLinksAndVersions() =>
        [.. s_stores.SelectMany(store => s_links, (store, link) => (store, link))
            .SelectMany(pair => s_versions, (pair, version) => (pair.store, pair.link, version))];

    /// <summary>Both links on the embedded store, in MQTT 3.1.1 (4) and MQTT 5: for what no store has a part in.</summary>
    public static TheoryData<Link, int> LinksAndVersions() =>
        [.. s_links.SelectMany(link => s_versions, (link, version) => (link, version))];
}
