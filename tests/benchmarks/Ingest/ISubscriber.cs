namespace Twins.Benchmarks.Ingest;

/// <summary>What stands behind a broker and stores what devices publish there.</summary>
internal interface ISubscriber : IAsyncDisposable
{
    /// <summary>Its process.</summary>
    int Process { get; }

    /// <summary>The process of its store, if that is another one.</summary>
    int? StoreProcess { get; }

    /// <summary>Whether a twin is stored.</summary>
    Task<bool> Has(string twinId);

    /// <summary>The revisions of all twins, added up: how many messages have been stored.</summary>
    Task<long> Revisions();
}
