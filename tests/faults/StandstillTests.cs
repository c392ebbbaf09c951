using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Twins.Faults.Tests;

/// <summary>
/// The store stands still under load: nothing is acknowledged that is not stored, memory stays within its bound, REST
/// says when to come again, and all goes on when the store does.
/// </summary>
public sealed class StandstillTests : IAsyncLifetime
{
    /// <summary>The gateway's own window per connection, and the bound of docs/operations.md with it.</summary>
    private const int Window = 256;
    private const int MessageOverhead = 4 * 1024;
    private const long Slack = 64L * 1024 * 1024;

    private const int Padding = 1024;

    /// <summary>A device has 16 messages under way, so that the devices of a connection have more than the gateway takes of it.</summary>
    private const int DevicesPerConnection = 50;
    private const int Connections = 12;
    private const int Devices = Connections * DevicesPerConnection;

    /// <summary>StackExchange.Redis gives a command 5 s; a read, and a write behind one that fails, are two of them. As much again for a busy machine.</summary>
    private static readonly TimeSpan s_refusedWithin = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_standsStill = TimeSpan.FromSeconds(9);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private Platform? _platform;

    private static long Bound => (Connections * (long)Window * (Padding + MessageOverhead)) + Slack;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_store_that_stands_still_is_waited_for()
    {
        Require.Components(Component.Redis);
        _platform = await Platform.Start(Store.Redis, broker: false);
        (await _platform.Rest.Put("/twins/asked", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
        await using var fleet = Simulator.StartFleet(Fleet(), _platform.MqttPort(Link.Gateway), "--ledger", _folder.In("ledger"), "--give-up", "never", "--connect-rate", "1000/s");
        await Acknowledges(5 * Devices);

        var watch = Stopwatch.StartNew();
        await _platform.Redis!.Pause();
        var before = WorkingSet();
        var highest = before;

        // By the time that a write is refused, whatever Redis had stored before is long acknowledged.
        var refused = await _platform.Rest.Patch("/twins/asked", """{"tags":{"a":2}}""");
        var refusedAfter = watch.Elapsed;
        var acknowledged = await Acknowledged();
        await Eventually.Is(
            () =>
            {
                highest = Math.Max(highest, WorkingSet());
                return watch.Elapsed > s_standsStill;
            },
            "the stop to end");
        var acknowledgedMeanwhile = await Acknowledged() - acknowledged;
        _platform.Redis.Resume();

        await Acknowledges(5 * Devices);
        var end = (await fleet.Stop()).Expect(0).Json;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"refused with {(int)refused.Status} after {refusedAfter.TotalSeconds:0.0} s; working set {before / 1024 / 1024} MiB and {(highest - before) / 1024 / 1024} MiB more of {Bound / 1024 / 1024}"));

        Assert.Contains(refused.Status, new[] { HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests });
        Assert.True(refused.Headers.ContainsKey("Retry-After"), $"{refused} has no Retry-After");
        Assert.InRange(refusedAfter, TimeSpan.Zero, s_refusedWithin);
        Assert.Equal(0, acknowledgedMeanwhile);
        Assert.InRange(highest - before, long.MinValue, Bound);
        Assert.Equal(0, (long)end["unacknowledged"]!);
        Assert.True((bool)(await Simulator.Verify(_folder.In("ledger"), _platform)).Expect(0).Json["clean"]!);
    }

    public async ValueTask DisposeAsync()
    {
        _platform?.Redis?.Resume();
        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Devices that catch up, after a stop, on more than the gateway takes of their connection.</summary>
    private string Fleet()
    {
        var file = _folder.In("fleet.yaml");
        File.WriteAllText(file, $$"""
            namespace: still
            kinds:
              device:
                count: {{Devices}}
                gateway: {{DevicesPerConnection}}
                report: {every: 250ms, jitter: 20%}
                properties:
                  count: {counter: {rate: 36000, start: 0}, decimals: 0}
                  padding: {constant: "{{new string('x', Padding)}}"}

            """);
        return file;
    }

    /// <summary>Returns when so many more messages are acknowledged.</summary>
    private async Task Acknowledges(int more)
    {
        var before = await Acknowledged();
        await Eventually.Is(async () => await Acknowledged() >= before + more, "the load to go on", s_longest);
    }

    private async Task<long> Acknowledged()
    {
        var metrics = await _platform!.Rest.Get("/metrics");
        return metrics.Text.Split('\n')
            .Where(line => line.StartsWith("twins_ingress_acknowledged_total{", StringComparison.Ordinal) && line.Contains("link=\"gateway\"", StringComparison.Ordinal))
            // The value stands behind the labels.
            .Select(line => (long)double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture))
            .Sum();
    }

    private long WorkingSet()
    {
        using var process = Process.GetProcessById(_platform!.Twins.Id);
        return process.WorkingSet64;
    }
}
