namespace Twins.Silo.Hosting;

/// <summary>
/// How long the end of a process may take. Together with <c>Twins:Cluster:DrainSeconds</c> at its default it is below the
/// 30 s that Kubernetes grants; whoever raises that setting raises <c>terminationGracePeriodSeconds</c> with it.
/// </summary>
public static class Shutdown
{
    /// <summary>Behind the drain: everything together. What is not done by then is given up, and found in the store.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>Requests that are under way when REST stops to take new ones; a command may be waited for much longer.</summary>
    public static readonly TimeSpan Requests = TimeSpan.FromSeconds(5);

    /// <summary>Messages under way on the broker links, and then on the gateway, until they are durable and acknowledged.</summary>
    public static readonly TimeSpan Messages = TimeSpan.FromSeconds(5);

    /// <summary>Telling the twins of the gateway's devices that these are gone; what is not told is found out.</summary>
    public static readonly TimeSpan Presence = TimeSpan.FromSeconds(5);

    /// <summary>How long the process serves on as if nothing were, with a readiness that says otherwise.</summary>
    public static TimeSpan Drain(TwinsOptions options) => TimeSpan.FromSeconds(
        options.Cluster.DrainSeconds ?? (options.Store.Redis.Length > 0 ? TwinsClusterOptions.DrainSecondsOfCluster : 0));
}
