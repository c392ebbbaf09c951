using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// A full disk and a process without file descriptors: nothing is acknowledged that is not stored, connections stay, and all goes on
/// when there is room. <c>TWINS_STORE_ROUNDS</c> says how often (docs/faults.md).
/// </summary>
public sealed class FailingStoreTests : OwningTest
{
    /// <summary>The gateway's default, and the device's number of messages that fill it.</summary>
    private const int Window = 256;

    /// <summary>The probe writes once a second; the rest is for a busy machine.</summary>
    private static readonly TimeSpan s_noticed = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(4);

    private TwinsProcess? _twins;
    private TwinsRest? _rest;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("TWINS_STORE_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 1;

    [Fact]
    public async Task Full_disk_holds_messages_until_there_is_space()
    {
        var volume = await VolumeAsync();
        await StartAsync(volume.In("data"));
        var revision = 0L;
        for (var round = 1; round <= Rounds; round++)
        {
            revision = await FillAndFreeAsync(volume, round, revision);
        }
    }

    [Fact]
    public async Task Exhausted_descriptors_lose_nothing()
    {
        Assert.SkipWhen(new Component("prlimit", "util-linux").Path is null, "prlimit is not installed; the Debian package util-linux has it");
        var folder = new TemporaryFolder();
        Ours(new Folder(folder));
        await StartAsync(folder.In("data"));
        var revision = 0L;
        for (var round = 1; round <= Rounds; round++)
        {
            revision = await ExhaustDescriptorsAsync(round, revision);
        }
    }

    /// <summary>Many more connections than the process may have descriptors for: the ones that are there go on.</summary>
    [Fact]
    public async Task Connections_leave_descriptors_for_the_process()
    {
        Assert.SkipWhen(new Component("prlimit", "util-linux").Path is null, "prlimit is not installed; the Debian package util-linux has it");
        var folder = new TemporaryFolder();
        Ours(new Folder(folder));
        await StartAsync(folder.In("data"));
        var before = await LimitOfAsync();
        for (var round = 1; round <= Rounds; round++)
        {
            var value = round * 1000;
            await using var device = await WindowDevice.ConnectAsync(_twins!.Settings.MqttPort, "there", keepAliveSeconds: 30);
            await PublishAsync(device, "d", value, 5);
            await device.AllAcknowledgedAsync();
            await LimitAsync(Directory.GetFileSystemEntries($"/proc/{_twins.Id}/fd").Length + 150);
            var crowd = new List<TcpClient>();
            async Task JoinAsync()
            {
                crowd.Add(new TcpClient());
                try
                {
                    await crowd[^1].ConnectAsync(IPAddress.Loopback, _twins.Settings.MqttPort, TestContext.Current.CancellationToken);
                }
                catch (SocketException)
                {
                    // It was refused before the client had finished to connect.
                }
            }

            // The platform looks at its limit every 2 s, if connections come.
            var refusals = Refusals();
            await Eventually.Is(
                async () =>
                {
                    await JoinAsync();
                    return Refusals() > refusals;
                },
                "a connection to be refused");
            while (crowd.Count < 400)
            {
                await JoinAsync();
            }

            await PublishAsync(device, "d", value + 5, 20);
            await device.AllAcknowledgedAsync();
            using (var other = new TwinsRest(_twins.Url))
            {
                (await other.Get("/health/ready")).Expect(HttpStatusCode.OK);
            }

            Assert.False(_twins.HasExited);
            crowd.ForEach(client => client.Dispose());
            await Eventually.Passes(async () =>
            {
                await using var late = await WindowDevice.ConnectAsync(_twins.Settings.MqttPort, "late", keepAliveSeconds: 30);
                await PublishAsync(late, "a", value, 1);
                await late.AllAcknowledgedAsync();
            });
            await LimitAsync(before);
        }

        await KilledAsync("d", (Rounds * 1000) + 24, "a", Rounds * 1000);
    }

    private int Refusals() => _twins!.Output.Split("Refused a connection").Length;

    public override async ValueTask DisposeAsync()
    {
        _rest?.Dispose();
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
            await _twins.DisposeAsync();
        }

        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<long> FillAndFreeAsync(SmallVolume volume, int round, long revision)
    {
        var (id, count) = ("d", round * 1000);
        // It was deleted in the round before.
        (await _rest!.Put("/twins/spare", "{}")).Expect(HttpStatusCode.Created);
        await using var device = await WindowDevice.ConnectAsync(_twins!.Settings.MqttPort, "pinging", keepAliveSeconds: 2);
        await PublishAsync(device, id, count, 5);
        await device.AllAcknowledgedAsync();
        var before = await RevisionAsync(id);
        Assert.True(before > revision, $"round {round}: revision {before} is not above {revision}");

        volume.Fill();
        var watch = Stopwatch.StartNew();
        await Eventually.Is(async () => (await _rest.Get("/health/ready")).Status == HttpStatusCode.ServiceUnavailable, "readiness to fail", s_noticed + s_slack);
        var noticed = watch.Elapsed;
        Assert.Contains("store-full", (await _rest.Get("/health/ready")).Text, StringComparison.Ordinal);
        (await _rest.Get("/health/live")).Expect(HttpStatusCode.OK);
        var shed = await ShedAsync();

        await PublishAsync(device, id, count + 5, 20);
        // A full store lets devices in.
        await using var full = await WindowDevice.ConnectAsync(_twins.Settings.MqttPort, "full", keepAliveSeconds: 1);
        await PublishAsync(full, "f", count, Window + 50);
        for (var i = 0; i < 10; i++)
        {
            await device.PublishUnacknowledgedAsync("twins/d0/reported", """{"n":1}""");
        }

        // Three times the keep-alive of one that pings, and five of one that is not read.
        var held = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (held.Elapsed < TimeSpan.FromSeconds(6))
        {
            await device.PingAsync();
            Assert.Equal(5, device.Acknowledged.Length);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(device.IsClosed);
        Assert.False(full.IsClosed);
        Assert.Empty(full.Acknowledged);
        Assert.Equal(shed + 10, await ShedAsync());
        var refused = await _rest.Put("/twins/other", "{}");
        Assert.Equal((507, "store-full"), ((int)refused.Status, (string?)refused.Json!["code"]));
        Assert.True(refused.Headers.ContainsKey("Retry-After"));
        Assert.Equal(before, await RevisionAsync(id));
        (await _rest.Get("/twins")).Expect(HttpStatusCode.OK);
        (await _rest.Delete("/twins/spare")).Expect(HttpStatusCode.NoContent);

        volume.Free();
        watch.Restart();
        await Eventually.Is(async () => (await _rest.Get("/health/ready")).Status == HttpStatusCode.OK, "readiness to return", s_noticed + s_slack);
        var back = watch.Elapsed;
        await device.AllAcknowledgedAsync();
        await full.AllAcknowledgedAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"round {round}: not ready after {noticed.TotalSeconds:0.00} s, ready again after {back.TotalSeconds:0.00} s, all acknowledged after {watch.Elapsed.TotalSeconds:0.00} s"));
        Assert.Equal(count + 24, (int)(await _rest.Reported(id))!["n"]!);

        return await KilledAsync(id, count + 24, "f", count + Window + 49);
    }

    private async Task<long> ExhaustDescriptorsAsync(int round, long revision)
    {
        var (id, count) = ("d", round * 1000);
        await using var device = await WindowDevice.ConnectAsync(_twins!.Settings.MqttPort, "pinging", keepAliveSeconds: 2);
        await PublishAsync(device, id, count, 5);
        await device.AllAcknowledgedAsync();
        Assert.True(await RevisionAsync(id) > revision);
        var fd = Directory.GetFileSystemEntries($"/proc/{_twins.Id}/fd").Length;

        await AssembliesAreLoadedAsync();
        var before = await LimitOfAsync();

        // Below what is open already: no file, and no connection, can be opened any more.
        await LimitAsync(fd - 20);
        var held = Stopwatch.StartNew();
        var sent = 5;
        try
        {
            while (held.Elapsed < TimeSpan.FromSeconds(6))
            {
                // New twins need reads; their connections may have to be opened.
                await PublishAsync(device, id, count + sent, 1);
                await PublishAsync(device, string.Create(CultureInfo.InvariantCulture, $"n{round}-{sent}"), 1, 1);
                sent++;
                await device.PingAsync();
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or TimeoutException)
        {
            // The .NET runtime opens a pipe for each thread that it starts, and ends the process ("Out of memory.") if it gets none.
            await Eventually.Is(() => _twins.HasExited, "the runtime to end the process");
            TestContext.Current.TestOutputHelper?.WriteLine($"round {round}: the runtime could not start a thread and ended the process");
            // Behind the first five every other message is one of this twin.
            var acknowledged = count + 4 + ((device.Acknowledged.Length - 4) / 2);
            return await RestartedAsync(id, value => value >= acknowledged, known: 0);
        }

        Assert.False(device.IsClosed);
        await LimitAsync(before);
        await device.AllAcknowledgedAsync();
        await Eventually.Is(async () => (await _rest!.Get("/health/ready")).Status == HttpStatusCode.OK, "readiness", s_noticed + s_slack);
        await using var another = await WindowDevice.ConnectAsync(_twins.Settings.MqttPort, "another", keepAliveSeconds: 2);
        await PublishAsync(another, "a", count, 1);
        await another.AllAcknowledgedAsync();
        return await KilledAsync(id, count + sent - 1, "a", count);
    }

    /// <summary>Kills the platform and starts it again: what was acknowledged is there, and revisions go on.</summary>
    private async Task<long> KilledAsync(string id, int value, string otherId, int otherValue)
    {
        var known = await RevisionAsync(id);
        await _twins!.Kill();
        var revision = await RestartedAsync(id, found => found == value, known);
        Assert.Equal(otherValue, (int)(await _rest!.Reported(otherId))!["n"]!);
        return revision;
    }

    private async Task<long> RestartedAsync(string id, Predicate<int> isExpected, long known)
    {
        var settings = _twins!.Settings;
        await _twins.DisposeAsync();
        _twins = await TwinsProcess.Start(settings);
        var value = (int)(await _rest!.Reported(id))!["n"]!;
        Assert.True(isExpected(value), $"{id} is {value} after the restart");
        var revision = await RevisionAsync(id);
        Assert.True(revision >= known, $"revision {revision} after the restart, {known} before");
        return revision;
    }

    private static async Task PublishAsync(WindowDevice device, string id, int first, int count)
    {
        for (var n = first; n < first + count; n++)
        {
            await device.PublishAsync($"twins/{id}/reported", string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{n}}}"));
        }
    }

    private async Task<SmallVolume> VolumeAsync()
    {
        var (volume, reason) = await SmallVolume.TryCreateAsync(120);
        Assert.SkipWhen(volume is null, reason);
        return Ours(volume);
    }

    private async Task StartAsync(string data)
    {
        _twins = await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = data,
            More = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Twins:Store:FreeMiB"] = "8",
                // A full volume must not take the sockets and files of the runtime with it.
                ["TMPDIR"] = Path.GetTempPath(),
            },
        });
        _rest = new TwinsRest(_twins.Url);
    }

    private async Task LimitAsync(int descriptors)
    {
        using var process = Process.Start("prlimit", ["--pid", _twins!.Id.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"--nofile={descriptors}:")]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>The process loads what it may need after its start; returns when it loads nothing more.</summary>
    private async Task AssembliesAreLoadedAsync()
    {
        var loaded = -1;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var now = (await File.ReadAllLinesAsync($"/proc/{_twins!.Id}/maps")).Count(line => line.EndsWith(".dll", StringComparison.Ordinal));
            if (now == loaded)
            {
                return;
            }

            loaded = now;
        }
    }

    private async Task<int> LimitOfAsync()
    {
        // "Max open files            1024                 524288               files" (proc_pid_limits(5)).
        var line = (await File.ReadAllLinesAsync($"/proc/{_twins!.Id}/limits")).Single(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture);
    }

    private async Task<long> RevisionAsync(string id) => (long)(await _rest!.Twin(id))["revision"]!;

    private Task<long> ShedAsync() => _rest!.Metric("twins_ingress_shed_total");

    private sealed class Folder(TemporaryFolder folder) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
