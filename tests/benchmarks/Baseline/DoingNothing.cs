using System.Net;
using MQTTnet.Server;

namespace Twins.Benchmarks.Baseline;

/// <summary>The bare gateway: an MQTTnet server whose publish handler does nothing, in a process of its own.</summary>
internal static class DoingNothing
{
    /// <summary>The verb that starts it; not for people.</summary>
    public const string Verb = "doing-nothing";

    /// <summary>Starts it on a port.</summary>
    public static async Task<ChildProcess> Start(int port)
    {
        var process = ChildProcess.Start("dotnet", [typeof(DoingNothing).Assembly.Location, Verb, "--port", $"{port}"]);
        await Listening.On(port, process, Verb);
        return process;
    }

    /// <summary>Is it, until its standard input ends.</summary>
    public static async Task Serve(Options options)
    {
        using var server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointPort(options.Number("port", 0))
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .Build());
        server.InterceptingPublishAsync += args =>
        {
            args.ProcessPublish = false;
            return Task.CompletedTask;
        };
        await server.StartAsync();
        await Console.In.ReadToEndAsync();
        await server.StopAsync();
    }
}
