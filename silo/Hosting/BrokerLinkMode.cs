namespace Twins.Silo.Hosting;

/// <summary>How the silos of a cluster use one broker.</summary>
public enum BrokerLinkMode
{
    /// <summary>One silo holds the link; another takes its session over when that silo goes.</summary>
    Exclusive = 0,

    /// <summary>Every silo subscribes to <c>$share/{group}/…</c>; the order per device is kept by the twin.</summary>
    Shared = 1,
}
