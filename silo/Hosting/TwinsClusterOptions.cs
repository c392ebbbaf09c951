namespace Twins.Silo.Hosting;

/// <summary><c>Twins:Cluster</c>: how silos find one another.</summary>
public sealed class TwinsClusterOptions
{
    /// <summary>Names the data: everything in the store is kept under it. Never change it on existing data.</summary>
    /// <value>Default: <c>twins</c>.</value>
    public string ServiceId { get; set; } = "twins";

    /// <summary>Names this cluster of silos.</summary>
    /// <value>Default: <c>default</c>.</value>
    public string ClusterId { get; set; } = "default";

    /// <summary>
    /// The address that other silos and API processes reach this silo at: an IP address, or a name that is looked up
    /// once, at start-up. With <see cref="Kubernetes"/> it is the pod's.
    /// </summary>
    /// <value>Default: <c>127.0.0.1</c>.</value>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The TCP port for other silos.</summary>
    /// <value>1 to 65,535; default 11111.</value>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The TCP port for API processes that are clients of the cluster.</summary>
    /// <value>1 to 65,535; default 30000.</value>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// How long the others wait for a silo's answer to a probe, at the most, in milliseconds. A silo from which nothing at all
    /// has come for twice this is declared dead with the next probe. Longer where machines are so busy that silos do not run
    /// for seconds. The same for all silos.
    /// </summary>
    /// <value>200 to 30,000; default 750.</value>
    public int ProbeMilliseconds { get; set; } = 750;

    /// <summary><see cref="ProbeMilliseconds"/> as a time.</summary>
    internal TimeSpan Probe => TimeSpan.FromMilliseconds(ProbeMilliseconds);

    /// <summary>
    /// Whether the silo runs in Kubernetes and follows it: its address and name are the pod's, and a silo whose pod was
    /// deleted is declared dead at once. Needs <c>POD_NAME</c>, <c>POD_NAMESPACE</c> and <c>POD_IP</c> in the environment, and
    /// that the pod's account may read and label pods.
    /// </summary>
    /// <value>Default: false.</value>
    public bool Kubernetes { get; set; }

    /// <summary>What <see cref="DrainSeconds"/> is where there is a cluster: two looks of who looks every second.</summary>
    internal const int DrainSecondsOfCluster = 2;

    /// <summary>
    /// How long a process that is told to stop goes on with everything, in seconds, while <c>/health/ready</c> says that
    /// it is draining: long enough for whoever distributes requests and connections to notice.
    /// </summary>
    /// <value>0 to 300; default 2, or 0 with the embedded store, where there is nobody else to send them to.</value>
    public int? DrainSeconds { get; set; }
}
