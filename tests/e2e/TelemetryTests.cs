using System.Globalization;
using System.Text.RegularExpressions;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>What the platform tells of itself: metrics to a scraper, spans to a collector.</summary>
public sealed partial class TelemetryTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TraceCollector _collector = new();
    private TwinsProcess? _twins;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Each_message_is_counted_at_each_stage()
    {
        var device = await Start(new Dictionary<string, string>());
        await device.Publish("twins/pump-1/reported", """{"a":1,"$seq":1}""");
        await device.Publish("twins/pump-1/reported", """{"a":1,"$seq":1}""");
        await device.Publish("twins/pump-1/reported", "{no");
        await device.Publish("twins/pump-1/reported", """{"a":2,"$seq":2}""", qos: 0);
        await device.Publish("twins/pump-1/reported", """{"a":3,"$seq":3}""", qos: 2);

        await Eventually.Passes(async () =>
        {
            var metrics = await Scrape();
            Assert.Equal(5, metrics["twins_ingress_received_total{link=gateway}"]);
            Assert.Equal(3, metrics["twins_ingress_taken_total{link=gateway,outcome=applied}"]);
            Assert.Equal(1, metrics["twins_ingress_taken_total{link=gateway,outcome=stale}"]);
            Assert.Equal(1, metrics["twins_ingress_taken_total{link=gateway,outcome=rejected}"]);
            Assert.Equal(1, metrics["twins_ingress_dead_letters_total{code=payload-not-json,link=gateway}"]);
            Assert.Equal(4, metrics["twins_ingress_acknowledged_total{link=gateway}"]);
            Assert.Equal(5, metrics["twins_ingress_duration_seconds_count{link=gateway}"]);
            Assert.Equal(1, metrics["twins_gateway_connections{}"]);
            Assert.Equal(0, metrics["twins_gateway_under_way{}"]);
            Assert.Equal(0, metrics["twins_dispatcher_waiting{}"]);
            Assert.Equal(0, metrics["twins_store_waiting{}"]);
            Assert.True(metrics["twins_store_writes_total{result=stored}"] >= 3, "each change was written");
            Assert.Equal(metrics["twins_store_writes_total{result=stored}"], metrics["twins_store_batch_sum{}"]);
            Assert.True(metrics["twins_twin_changes_total{}"] >= 3, "each change waited for its write");
        });
    }

    [Fact]
    public async Task A_trace_goes_on_from_the_publish_to_the_store()
    {
        const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        var device = await Start(new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });

        await device.Publish(new Publish("twins/pump-1/reported", """{"a":1}""") { UserProperties = [new("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01")] });

        foreach (var span in new[] { "twins.receive", "twins.apply", "twins.store" })
        {
            await Eventually.Is(() => _collector.Has(TraceId, span), $"the span {span}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            await _twins.DisposeAsync();
        }

        await _collector.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<PahoClient> Start(IReadOnlyDictionary<string, string> more)
    {
        Require.Components(Component.Paho);
        _twins = await TwinsProcess.Start(new TwinsSettings { DataDirectory = _folder.In("data"), More = more });
        return await PahoClient.Connect(new PahoOptions("pump-1", _twins.Settings.MqttPort) { Version = 5 });
    }

    /// <summary>The samples by name and labels, as <c>name{label=value,…}</c>, without the label that all have.</summary>
    private async Task<Dictionary<string, double>> Scrape()
    {
        using var http = new HttpClient { BaseAddress = _twins!.Url };
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return Sample().Matches(text).ToDictionary(
            match => $"{match.Groups["name"].Value}{{{string.Join(',', Label().Matches(match.Groups["labels"].Value).Where(label => label.Groups["name"].Value != "otel_scope_name").Select(label => $"{label.Groups["name"].Value}={label.Groups["value"].Value}"))}}}",
            match => double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture),
            StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(?<name>twins_\w+)\{(?<labels>[^}]*)\} (?<value>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();

    [GeneratedRegex(@"(?<name>\w+)=""(?<value>[^""]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();
}
