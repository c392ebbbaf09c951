using System.Diagnostics;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// The store stands still under load: nothing is acknowledged that is not stored, memory stays within its bound, REST
/// says when to come again, and all goes on when the store does.
/// </summary>
public sealed class BackpressureTests : IAsyncLifetime
{
    /// <summary>The gateway's own window per connection, and the bound of docs/operations.md with it.</summary>
    private const int Window = 256;
    private const int MessageOverhead = 4 * 1024;
    private const long Slack = 64L * 1024 * 1024;

    private const int Padding = 1024;

    /// <summary>Most want more under way than the gateway takes, so that what it takes is what it can bound.</summary>
    private static readonly int[] s_windows = [.. Enumerable.Repeat(1, 10), .. Enumerable.Repeat(20, 10), .. Enumerable.Repeat(10_000, 20)];

    /// <summary>StackExchange.Redis gives a command 5 s; a read, and a write behind one that fails, are two of them. As much again for a busy machine.</summary>
    private static readonly TimeSpan s_refusedWithin = TimeSpan.FromSeconds(20);

    private Platform? _platform;
    private Load? _load;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_store_that_stands_still_is_waited_for()
    {
        Require.Components(Component.Redis);
        _platform = await Platform.Start(Store.Redis, broker: false);
        (await _platform.Rest.Put("/twins/asked", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
        _load = Load.Start(_platform.Rest, _platform.MqttPort(Link.Gateway), s_windows, padding: Padding);
        await _load.GoesOn(20_000);

        var watch = Stopwatch.StartNew();
        await _platform.Redis!.Pause();
        var before = WorkingSet();
        var highest = before;

        // By the time that a write is refused, whatever Redis had stored before is long acknowledged.
        var refused = await _platform.Rest.Patch("/twins/asked", """{"tags":{"a":2}}""");
        var refusedAfter = watch.Elapsed;
        var acknowledged = _load.Ledger.Acknowledged;
        await Eventually.Is(
            () =>
            {
                highest = Math.Max(highest, WorkingSet());
                return watch.Elapsed > Soak.Stop(TimeSpan.FromSeconds(9));
            },
            "the stop to end",
            TimeSpan.FromMinutes(5));
        var acknowledgedMeanwhile = _load.Ledger.Acknowledged - acknowledged;
        _platform.Redis.Resume();

        var resumed = Stopwatch.StartNew();
        await _load.GoesOn();
        var goesOnAfter = resumed.Elapsed;
        await _load.Finish();
        await _load.Ledger.Check(_platform.Rest, Eventually.Deadline);
        Soak.Report(
            $"redis, SIGSTOP for {watch.Elapsed.TotalSeconds - resumed.Elapsed.TotalSeconds:0} s (refused with {(int)refused.Status} after {refusedAfter.TotalSeconds:0.0} s, "
            + $"working set {before / 1024 / 1024} MiB and at most {(highest - before) / 1024 / 1024} MiB more of {Bound / 1024 / 1024}, "
            + $"goes on after {goesOnAfter.TotalSeconds:0.0} s, drained after {resumed.Elapsed.TotalSeconds:0.0} s)",
            1,
            _load.Ledger);

        Assert.Contains(refused.Status, new[] { HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests });
        Assert.True(refused.Headers.ContainsKey("Retry-After"), $"{refused} has no Retry-After");
        Assert.InRange(refusedAfter, TimeSpan.Zero, s_refusedWithin);
        Assert.Equal(0, acknowledgedMeanwhile);
        Assert.InRange(highest - before, long.MinValue, Bound);
        _load.Ledger.AssertClean();
    }

    public async ValueTask DisposeAsync()
    {
        _platform?.Redis?.Resume();
        if (_load is not null)
        {
            await _load.DisposeAsync();
        }

        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }
    }

    private static long Bound => (s_windows.Sum(window => (long)Math.Min(window, Window)) * (Padding + MessageOverhead)) + Slack;

    private long WorkingSet()
    {
        using var process = Process.GetProcessById(_platform!.Twins.Id);
        return process.WorkingSet64;
    }
}
