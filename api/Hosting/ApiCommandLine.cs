using Twins.Api.Demo;
using Twins.Silo.Hosting;

namespace Twins.Api.Hosting;

/// <summary>The command line of the API.</summary>
internal static class ApiCommandLine
{
    /// <summary>Gets its usage and its check.</summary>
    public static HostCommandLine Line { get; } = new(
        "Twins.Api",
        "Twins: a live, durable document for every MQTT device, over REST.",
        "where REST listens (http://127.0.0.1:8080)",
        (DemoSwitch.Switch, "also run a dozen simulated devices"));
}
