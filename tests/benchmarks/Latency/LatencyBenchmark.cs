using System.Diagnostics;
using System.Text.Json;
using HdrHistogram;
using Twins.Benchmarks.Baseline;

namespace Twins.Benchmarks.Latency;

/// <summary>One message at a time: how long until its PUBACK, and until REST shows it.</summary>
internal static class LatencyBenchmark
{
    private const int DefaultMessages = 2_000;

    // The code that runs once a message is compiled, and compiled again when it is hot, within these.
    private const int WarmUp = 1_000;

    public static async Task Run(Options options)
    {
        var messages = options.Number("messages", DefaultMessages);
        var report = new Report("latency of one message at a time", "ms");

        var port = Loopback.FreePort();
        await using (await DoingNothing.Start(port))
        {
            using var device = new Device("bench:latency", port);
            await device.Connect();
            Add(report, "baseline: PUBACK", await Measure(messages, i => device.Report(Value(i))));
        }

        foreach (var store in options.Stores("both"))
        {
            await using var servers = await Servers.Launch(store);
            await servers.Twins.Ready();
            using var device = new Device("bench:latency", servers.Twins.Settings.MqttPort);
            await device.Connect();
            Add(report, $"{store}: PUBACK", await Measure(messages, i => device.Report(Value(i))));

            using var http = new HttpClient { BaseAddress = servers.Twins.Url };
            Add(report, $"{store}: visible over REST", await Measure(messages, async i =>
            {
                await device.Report(Value(i));
                while (await Read(http) != i)
                {
                    // Acknowledged means visible: this is not expected to turn even once.
                }
            }));
            Add(report, $"{store}: REST read", await Measure(messages, _ => Read(http)));
        }

        report.Print(options);
    }

    private static string Value(int i) => $$"""{"value":{{i}}}""";

    private static async Task<int> Read(HttpClient http)
    {
        using var document = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri("/twins/bench:latency", UriKind.Relative)));
        return document.RootElement.GetProperty("reported").GetProperty("value").GetInt32();
    }

    private static async Task<LongHistogram> Measure(int messages, Func<int, Task> once)
    {
        // Microseconds, up to a minute, three digits.
        var histogram = new LongHistogram(60_000_000, 3);
        for (var i = -WarmUp; i < messages; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await once(i);
            if (i >= 0)
            {
                histogram.RecordValue((long)Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }

        return histogram;
    }

    private static void Add(Report report, string name, LongHistogram histogram) => report.Add(
        name,
        ("messages", histogram.TotalCount),
        ("p50", histogram.GetValueAtPercentile(50) / 1000.0),
        ("p99", histogram.GetValueAtPercentile(99) / 1000.0),
        ("max", histogram.GetValueAtPercentile(100) / 1000.0));
}
