using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;

namespace Twins.Api.Demo;

/// <summary>
/// A dozen simulated devices that connect to this platform over MQTT as any device would, so that the first look
/// shows something. Their twins are <c>demo:pump-1</c>, <c>demo:thermostat-1</c>, …
/// </summary>
internal sealed partial class DemoFleet(
    IOptions<TwinsOptions> options,
    IGrainFactory grains,
    IHostApplicationLifetime lifetime,
    ILogger<DemoFleet> logger) : BackgroundService
{
    private const int Devices = 12;

    private static readonly string[] Sites = ["rotterdam", "antwerp", "hamburg"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        var gateway = options.Value.Mqtt.Gateway;
        await using var fleet = new SimulatedFleet(new FleetOptions
        {
            Broker = new BrokerAddress(Reachable(gateway.Address), gateway.Port),
            Devices = Devices,
            Rate = Rate.FromPerSecond(0.5),
            Prefix = "demo",
            Username = gateway.Users.FirstOrDefault()?.Username,
            Password = gateway.Users.FirstOrDefault()?.Password,
            OnTrouble = Trouble,
        });
        for (var i = 0; i < fleet.Ids.Count; i++)
        {
            await Register(fleet.Ids[i], Sites[i % Sites.Length], i);
        }

        Running(fleet.Ids.Count, fleet.Ids[0]);
        await fleet.RunAsync(duration: null, stoppingToken);
    }

    /// <summary>Gives a device the tags an application would; a twin that is there already keeps what it has.</summary>
    private async Task Register(string id, string site, int index)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$$"""{"tags":{"site":"{{{site}}}","line":{{{(index / Sites.Length) + 1}}}}}""");
        await grains.GetGrain<ITwinGrain>(id).Write(new TwinWrite(WriteVerb.Replace, [], Encoding.UTF8.GetBytes(body), IfAbsent: true));
    }

    /// <summary>An address that listens for all is reached on this machine's own.</summary>
    private static string Reachable(string address) => address switch
    {
        "0.0.0.0" => "127.0.0.1",
        "::" => "::1",
        _ => address,
    };

    [LoggerMessage(ApiLogEvents.DemoRunning, LogLevel.Information, "Demo: {Count} simulated devices report; look at GET /twins, or at GET /twins/{Id}.")]
    private partial void Running(int count, string id);

    [LoggerMessage(ApiLogEvents.DemoTrouble, LogLevel.Warning, "Demo: {What}")]
    private partial void Trouble(string what);
}
