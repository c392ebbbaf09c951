using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Twins.Api.Hosting;
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
    IServer server,
    ILogger<DemoFleet> logger) : BackgroundService
{
    private const int Devices = 12;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly string[] Kinds = ["pump", "thermostat", "meter", "truck"];

    private static readonly string[] Sites = ["rotterdam", "antwerp", "hamburg"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);

        var gateway = options.Value.Mqtt.Gateway;
        var connection = new FleetOptions
        {
            Broker = new BrokerAddress(Reachable(gateway.Address), gateway.Port),
            Username = gateway.Users.FirstOrDefault()?.Username,
            Password = gateway.Users.FirstOrDefault()?.Password,
            OnTrouble = Trouble,
        };
        await using var fleet = SimulatedFleet.OfKinds(connection, "demo", Devices, Interval, Kinds);

        // The first of each kind, then the second, so that kinds and sites do not go together. Numbers have one digit.
        string[] ids = [.. fleet.Ids.OrderBy(static id => id[^1])];
        for (var i = 0; i < ids.Length; i++)
        {
            await Register(ids[i], Sites[i % Sites.Length], i);
        }

        var urls = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Running(ids.Length, OwnAddress.Of(urls, "/twins"), OwnAddress.Of(urls, $"/twins/{ids[0]}"));
        await fleet.RunAsync(duration: null, stoppingToken);
    }

    /// <summary>Gives a device the tags an application would; a twin that is there already keeps what it has.</summary>
    private async Task Register(string id, string site, int index)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $$$"""{"tags":{"site":"{{{site}}}","line":{{{(index / Sites.Length) + 1}}}}}""");
        await grains.Twin(id).Write(new TwinWrite(WriteVerb.Replace, [], Encoding.UTF8.GetBytes(body), IfAbsent: true));
    }

    /// <summary>An address that listens for all is reached on this machine's own.</summary>
    private static string Reachable(string address) => address switch
    {
        "0.0.0.0" => "127.0.0.1",
        "::" => "::1",
        _ => address,
    };

    [LoggerMessage(ApiLogEvents.DemoRunning, LogLevel.Information, "Demo: {Count} simulated devices report; look at {All}, or at {One}.")]
    private partial void Running(int count, string all, string one);

    [LoggerMessage(ApiLogEvents.DemoTrouble, LogLevel.Warning, "Demo: {What}")]
    private partial void Trouble(string what);
}
