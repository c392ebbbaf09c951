using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Whether a process may be sent anything is said before it begins, and before it ends.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private Cluster? _cluster;
    private TwinsProcess? _twins;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_silo_that_is_told_to_stop_says_so_and_serves_on_until_it_has_drained()
    {
        Require.Components(Component.Redis, Component.Paho);
        _cluster = await Cluster.Start(silos: 1, more: new Dictionary<string, string>(StringComparer.Ordinal) { ["Twins:Cluster:DrainSeconds"] = "4" });
        var silo = _cluster.Silos[0];
        using var http = new TwinsRest(silo.Url);
        Assert.Equal("active", (string?)(await http.Get("/health/ready")).Expect(HttpStatusCode.OK)!["checks"]!["membership"]);
        Assert.Contains("twins_gateway_connections", (await http.Get("/metrics")).Text, StringComparison.Ordinal);
        await using var device = await PahoClient.Connect(new PahoOptions("late", silo.Settings.MqttPort));

        var stopping = silo.Stop();
        RestAnswer? ready = null;
        await Eventually.Is(async () => (ready = await http.Get("/health/ready")).Status == HttpStatusCode.ServiceUnavailable, "the silo to say that it is not ready");

        Assert.Equal("draining", (string?)ready!.Json!["code"]);
        (await http.Get("/health/live")).Expect(HttpStatusCode.OK);
        await device.Publish("twins/late/reported", """{"a":1}""");
        await using var later = await PahoClient.Connect(new PahoOptions("later", silo.Settings.MqttPort));
        await later.Publish("twins/later/reported", """{"a":1}""");
        Json.AssertEqual("""{"a":1}""", await _cluster.Rest.Reported("late"));
        Assert.False(stopping.IsCompleted);
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task An_API_waits_for_its_silos_and_finds_them_again_without_a_restart()
    {
        Require.Components(Component.Redis);
        _cluster = await Cluster.StartApi(new Dictionary<string, string>(StringComparer.Ordinal) { ["Twins:Cluster:DrainSeconds"] = "0" });
        await Eventually.Passes(async () => Assert.Equal("starting", (string?)(await _cluster.Rest.Get("/health/ready")).Json!["code"]));
        var early = await _cluster.Rest.Get("/twins/early");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (early.Status, early.Headers["Retry-After"]));
        (await _cluster.Rest.Get("/health/live")).Expect(HttpStatusCode.OK);

        await Task.WhenAll(_cluster.Launch().IsReady(), _cluster.Launch().IsReady(), _cluster.Api.Ready());
        (await _cluster.Rest.Put("/twins/early", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);

        // All of them, one after the other, faster than a gateway is forgotten.
        await _cluster.Restart(0);
        await _cluster.Restart(1);
        await Eventually.Passes(async () => Json.AssertEqual("""{"a":1}""", (await _cluster.Rest.Twin("early"))["tags"]), TimeSpan.FromSeconds(5));

        await Task.WhenAll(_cluster.Silos[0].Kill(), _cluster.Silos[1].Kill());
        await Eventually.Passes(async () => Assert.Equal("not-ready", (string?)(await _cluster.Rest.Get("/health/ready")).Json!["code"]));
        await _cluster.StartAgain(0);
        await _cluster.Api.Ready();
        Json.AssertEqual("""{"a":1}""", (await _cluster.Rest.Twin("early"))["tags"]);
    }

    [Fact]
    public async Task What_the_gateway_has_read_is_acknowledged_before_it_says_that_it_shuts_down()
    {
        _twins = await TwinsProcess.Start(new TwinsSettings { DataDirectory = _folder.In("data") });
        using var device = new RawDevice(_twins.Settings.MqttPort);
        await device.Connect5("drained");
        var publishing = device.PublishUntilDisconnected("twins/drained/reported");
        await Eventually.Is(() => device.Acknowledged > 200, "the device to be acknowledged");

        Assert.Equal(0, await _twins.Stop());

        // MQTT 5, 3.14.2.1: 0x8B, server shutting down.
        Assert.Equal(0x8B, await publishing);
        var acknowledged = device.Acknowledged;
        await _twins.DisposeAsync();
        _twins = await TwinsProcess.Start(_twins.Settings);
        using var rest = new TwinsRest(_twins.Url);
        Assert.InRange((int)(await rest.Reported("drained"))!["count"]!, acknowledged, device.Sent);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            await _twins.DisposeAsync();
        }

        _folder.Dispose();
    }
}
