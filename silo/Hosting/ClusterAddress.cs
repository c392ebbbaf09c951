using System.Net;
using System.Net.Sockets;

namespace Twins.Silo.Hosting;

/// <summary>Where the other processes of a cluster reach this silo.</summary>
internal static class ClusterAddress
{
    // The first is in every pod; the others as Orleans.Hosting.Kubernetes reads them (KubernetesHostingOptions).
    private static readonly string[] s_podVariables = ["KUBERNETES_SERVICE_HOST", "POD_NAME", "POD_NAMESPACE", "POD_IP"];

    /// <summary>Makes <c>Twins:Cluster:Address</c> an IP address: the pod's, or what the name means now.</summary>
    /// <exception cref="StartupRefusedException">There is none.</exception>
    public static void Settle(TwinsOptions options)
    {
        var cluster = options.Cluster;
        if (cluster.Kubernetes)
        {
            cluster.Address = Pod(options);
        }

        cluster.Address = Resolve(cluster.Address).ToString();
    }

    private static string Pod(TwinsOptions options)
    {
        if (options.Store.Redis.Length == 0)
        {
            throw new StartupRefusedException("Twins:Cluster:Kubernetes is true and Twins:Store:Redis is empty; with the embedded store there is one silo and nothing to follow: set the Redis of the cluster, or leave Kubernetes away.");
        }

        var missing = Array.FindAll(s_podVariables, name => string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));
        if (missing.Length > 0)
        {
            throw new StartupRefusedException($"Twins:Cluster:Kubernetes is true and the environment has no {string.Join(", ", missing)}; outside of Kubernetes leave the setting away, inside give the pod its name, namespace and IP address by fieldRef, as deploy/kubernetes/silo.yaml does.");
        }

        return Environment.GetEnvironmentVariable("POD_IP")!;
    }

    private static IPAddress Resolve(string address)
    {
        if (IPAddress.TryParse(address, out var ip))
        {
            return ip;
        }

        try
        {
            // IPv4 first: Orleans' addresses between silos are one or the other, and all of a cluster must meet.
            return Dns.GetHostAddresses(address).OrderBy(found => found.AddressFamily != AddressFamily.InterNetwork).First();
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or InvalidOperationException)
        {
            throw new StartupRefusedException($"Twins:Cluster:Address is \"{address}\", which is neither an IP address nor a name that can be looked up; write for example 10.0.0.11.", exception);
        }
    }
}
