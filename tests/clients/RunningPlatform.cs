using System.Text.Json.Nodes;
using Twins.Tests.Harness;

[assembly: AssemblyFixture(typeof(Twins.Clients.Tests.RunningPlatform))]

namespace Twins.Clients.Tests;

/// <summary>
/// The platform with its demo fleet, whose device <c>demo:pump-1</c> answers commands; beside it <c>clients:silent</c>, which listens to its
/// commands and answers none, and a dead letter.
/// </summary>
public sealed class RunningPlatform : OwningTest
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<TwinsProcess>> _twins;

    public RunningPlatform() => _twins = new(Start);

    /// <summary>Skips the test unless all that it needs is installed; returns where REST is.</summary>
    public async Task<Uri> Url(params Component[] components)
    {
        Require.Components([Component.Paho, .. components]);
        return (await _twins.Value).Url;
    }

    /// <summary>The port of its gateway.</summary>
    public async Task<int> MqttPort() => (await _twins.Value).Settings.MqttPort;

    /// <summary>The description that it serves, as text.</summary>
    public async Task<string> Served()
    {
        using var http = new HttpClient { BaseAddress = await Url() };
        return await http.GetStringAsync("/swagger/v1/swagger.json");
    }

    /// <summary>Notes the calls of a client, to hold them against the description.</summary>
    public async Task<DescribedCalls> Calls() => new(JsonNode.Parse(await Served())!);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<TwinsProcess> Start()
    {
        var twins = Ours(TwinsProcess.Launch(new TwinsSettings { DataDirectory = _folder.In("data") }, "--demo"));
        await twins.Ready();
        var silent = Ours(await PahoClient.Connect(new PahoOptions("clients:silent", twins.Settings.MqttPort)));
        await silent.Subscribe("twins/clients:silent/commands/+/+");
        await silent.Publish("twins/clients:silent/reported", "{}");
        await silent.Publish("twins/clients:silent/reported", "{");
        return twins;
    }
}
