using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A broker link when the broker goes, or the platform does.</summary>
public sealed class BrokerTests : IAsyncLifetime
{
    private Platform _platform = null!;

    public async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho, Component.Mosquitto, Component.MosquittoPub);
        _platform = await Platform.Start(Store.Embedded, broker: true);
        // Until the link has subscribed for the first time there is nobody to keep messages for.
        await Eventually.Is(() => _platform.Twins.Output.Contains("Broker link broker is connected", StringComparison.Ordinal), "the link to connect");
    }

    [Fact]
    public async Task The_link_comes_back_after_the_broker()
    {
        await ReportAndRead("""{"a":1}""");

        await _platform.Broker!.Stop();
        (await _platform.Rest.Patch("/twins/behind/desired", """{"a":7}""")).Expect(HttpStatusCode.OK);
        await _platform.Broker.StartAgain();

        await ReportAndRead("""{"a":2}""");
        await using var device = await PahoClient.Connect(new PahoOptions("behind", _platform.Broker.Port));
        await device.Subscribe("twins/behind/desired");
        await device.Receive(m => m.Topic == "twins/behind/desired" && (int?)m.Json["a"] == 7, "what was desired while the broker was down");
    }

    [Fact]
    public async Task What_the_broker_took_while_the_platform_was_down_arrives()
    {
        await ReportAndRead("""{"a":1}""");

        Assert.Equal(0, await _platform.Twins.Stop());
        await Report("""{"a":2}""");
        await _platform.StartAgain();
        await Read("""{"a":2}""");

        await _platform.Twins.Kill();
        await Report("""{"a":3}""");
        await _platform.StartAgain();
        await Read("""{"a":3}""");
    }

    [Fact]
    public async Task What_the_broker_took_before_a_kill_arrives()
    {
        await ReportAndRead("""{"a":1}""");
        for (var round = 1; round <= 3; round++)
        {
            var id = $"killed-{round}";
            await using var device = await PahoClient.Connect(new PahoOptions(id, _platform.Broker!.Port));
            var streaming = device.Stream($"twins/{id}/reported", properties: 300, window: 20, report: 200, last: 2_000);
            await device.Progress.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

            await _platform.Twins.Kill();
            var stream = await streaming;
            await _platform.StartAgain();

            Assert.Equal(2_000, stream.Acknowledged.Length);
            await Eventually.Passes(
                async () => Assert.Empty(stream.Faults(await _platform.Rest.Reported(id))), TimeSpan.FromSeconds(30));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }
    }

    private async Task ReportAndRead(string json)
    {
        await Report(json);
        await Read(json);
    }

    private Task Report(string json) => MosquittoPub.Publish(_platform.Broker!.Port, new Publish("twins/behind/reported", json));

    private Task Read(string json) =>
        Eventually.Passes(async () => Json.AssertEqual(json, await _platform.Rest.Reported("behind")));
}
