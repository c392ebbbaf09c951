using System.Diagnostics;
using HdrHistogram;

namespace Twins.Benchmarks.Fleet;

/// <summary>
/// A device that reports a number, and somebody who asks the fleet for that number until it is found: from outside, how long what is
/// acknowledged is not in the index yet.
/// </summary>
internal sealed class IndexProbe : IDisposable
{
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(50);

    private readonly Device _device;
    private readonly FleetRest _rest;
    private int _number;

    private IndexProbe(Device device, FleetRest rest)
    {
        _device = device;
        _rest = rest;
    }

    /// <summary>From the PUBACK until a count has it, which includes the time of that count; microseconds, up to a minute.</summary>
    public LongHistogram Visible { get; } = new(60_000_000, 3);

    /// <summary>The counts that found nothing yet, and the one that did.</summary>
    public LongHistogram Counts { get; } = new(60_000_000, 3);

    public static async Task<IndexProbe> Connect(Servers servers, FleetRest rest)
    {
        var device = new Device("bench:probe", servers.Twins.Settings.MqttPort);
        await device.Connect();
        return new IndexProbe(device, rest);
    }

    /// <summary>A number after the other, at an even pace as long as they are found in time.</summary>
    public async Task Watch(TimeSpan time)
    {
        Visible.Reset();
        Counts.Reset();
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(s_between);
        while (watch.Elapsed < time)
        {
            await timer.WaitForNextTickAsync();
            await Once();
        }
    }

    public void Dispose() => _device.Dispose();

    private async Task Once()
    {
        var number = ++_number;
        var path = FleetRest.Count($"eq(reported/probe,{number})");
        await _device.Report($$"""{"probe":{{number}}}""");
        var acknowledged = Stopwatch.GetTimestamp();
        long found;
        do
        {
            var asked = Stopwatch.GetTimestamp();
            found = FleetRest.CountIn(await _rest.Get(path));
            Counts.RecordValue((long)Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
            if (found != 1 && Stopwatch.GetElapsedTime(acknowledged) > Eventually.Deadline)
            {
                throw new TimeoutException($"the fleet index did not have {number} of the probe {Eventually.Deadline.TotalSeconds:0} s after it was acknowledged");
            }
        }
        while (found != 1);

        Visible.RecordValue((long)Stopwatch.GetElapsedTime(acknowledged).TotalMicroseconds);
    }
}
