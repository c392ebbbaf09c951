using System.Diagnostics;
using System.Net;
using HdrHistogram;
using MQTTnet.Exceptions;
using Twins.Benchmarks.Cluster;

namespace Twins.Benchmarks.HotSpots;

/// <summary>
/// The rest, which a hot spot must not hurt: devices on all gateways that each send now and then, and somebody who reads
/// their twins and a page of the fleet over REST.
/// </summary>
internal sealed class QuietFleet : IDisposable
{
    private const int DevicesPerGateway = 20;

    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(50);

    private readonly List<Device> _devices = [];
    private readonly List<HttpClient> _http = [];
    private int _closed;
    private int _later;

    private QuietFleet()
    {
    }

    public static async Task<QuietFleet> Connect(ClusterServers servers)
    {
        var fleet = new QuietFleet();
        foreach (var process in servers.Processes)
        {
            fleet._http.Add(new HttpClient { BaseAddress = process.Url });
            for (var i = 0; i < DevicesPerGateway; i++)
            {
                var device = new Device(Id(fleet._devices.Count), process.Settings.MqttPort);
                await device.Connect();
                await device.Report("""{"value":0}""");
                fleet._devices.Add(device);
            }
        }

        return fleet;
    }

    /// <summary>What it is like for so long.</summary>
    public Task<QuietTimes> Watch(TimeSpan time) => WatchUntil(Task.Delay(time));

    /// <summary>What it is like until something is over.</summary>
    public async Task<QuietTimes> WatchUntil(Task over)
    {
        var (puback, read, page) = (Histogram(), Histogram(), Histogram());
        (_closed, _later) = (0, 0);
        var devices = _devices.Select((device, i) => Repeat(over, puback, n => Report(device, $$"""{"value":{{n}},"device":{{i}}}""")));
        var reads = _http.Select(http => Repeat(over, read, n => Get(http, $"/twins/{Id(n % _devices.Count)}")));
        var pages = Repeat(over, page, _ => Get(_http[0], "/twins?limit=25"));
        await Task.WhenAll([.. devices, .. reads, pages]);
        return new QuietTimes(puback.TotalCount, P99(puback), P99(read), P99(page), puback.GetValueAtPercentile(100) / 1000.0, _closed, _later);
    }

    public void Dispose()
    {
        _devices.ForEach(device => device.Dispose());
        _http.ForEach(http => http.Dispose());
    }

    private static string Id(int device) => $"quiet:{device}";

    // Microseconds, up to a minute, three digits.
    private static LongConcurrentHistogram Histogram() => new(1, 60_000_000, 3);

    private static double P99(LongConcurrentHistogram histogram) => histogram.GetValueAtPercentile(99) / 1000.0;

    /// <summary>
    /// As a device does it: one whose connection was closed connects again and repeats what was not acknowledged. That takes
    /// it longer, and is counted.
    /// </summary>
    private async Task Report(Device device, string json)
    {
        while (true)
        {
            try
            {
                await device.Report(json);
                return;
            }
            catch (MqttCommunicationException)
            {
                Interlocked.Increment(ref _closed);
                await device.Connect();
            }
        }
    }

    /// <summary>Asked to come again it does so at once; that is counted, and is a part of the time.</summary>
    private async Task Get(HttpClient http, string path)
    {
        while (true)
        {
            using var answer = await http.GetAsync(path);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                answer.EnsureSuccessStatusCode();
                return;
            }

            Interlocked.Increment(ref _later);
        }
    }

    /// <summary>One at a time, at an even pace as long as they come back in time.</summary>
    private static async Task Repeat(Task over, LongConcurrentHistogram histogram, Func<int, Task> act)
    {
        using var timer = new PeriodicTimer(s_between);
        for (var i = 0; !over.IsCompleted; i++)
        {
            await timer.WaitForNextTickAsync();
            var start = Stopwatch.GetTimestamp();
            await act(i);
            histogram.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(start).TotalMicroseconds));
        }
    }
}
