using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Twins.Silo.Storage.Sqlite;
using Twins.Silo.Telemetry;

namespace Twins.Benchmarks.Storage;

/// <summary>Measures durable updates of the embedded store alone: how many a second, and what one costs in CPU and bytes written.</summary>
internal static class StoreBenchmark
{
    public const string Verb = "store";

    private const int DefaultKeys = 10_000;
    private const int DefaultBytes = 700;
    private const int DefaultSeconds = 5;

    public static async Task Run(Options options)
    {
        var (keys, bytes, seconds) = (options.Number("keys", DefaultKeys), options.Number("bytes", DefaultBytes), options.Number("seconds", DefaultSeconds));
        var report = new Report($"updates of {bytes} bytes over {keys} keys, embedded store", "updates");
        foreach (var page in Numbers(options, "pages", "1024,2048,4096"))
        {
            foreach (var callers in Numbers(options, "callers", "1,16,64,512"))
            {
                report.Add($"page {page}, {callers} callers", await Measure(page, callers, keys, bytes, seconds));
            }
        }

        report.Print(options);
    }

    private static int[] Numbers(Options options, string name, string fallback) =>
        [.. (options.Text(name) ?? fallback).Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static async Task<(string Column, double Value)[]> Measure(int page, int callers, int keys, int bytes, int seconds)
    {
        using var folder = new TemporaryFolder();
        var options = new TwinsOptions();
        options.Store.DataDirectory = folder.In("data");
        options.Store.PageBytes = page;
        await using var store = new SqliteStateStore(
            Microsoft.Extensions.Options.Options.Create(options), new TwinsMetrics(new Meters()), TimeProvider.System, NullLogger<SqliteStateStore>.Instance);
        await store.OpenAsync();
        await foreach (var twins in store.VerifyAsync(CancellationToken.None))
        {
            _ = twins;
        }

        // SQLite writes no page whose content stays the same, so each update is another one.
        var contents = Enumerable.Range(0, 64).Select(_ => RandomBytes(bytes)).ToArray();
        var etags = new string[keys];
        await Each(keys, 512, async key => etags[key] = await Write(store, key, "", contents[0]));

        using var process = Process.GetCurrentProcess();
        var (updates, stop) = (0L, false);
        var (cpu, written, started) = (process.TotalProcessorTime, Written(), Stopwatch.GetTimestamp());
        var loops = Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            // Each caller has keys of its own.
            for (var key = caller; !Volatile.Read(ref stop); key = key + callers < keys ? key + callers : caller)
            {
                Interlocked.Increment(ref updates);
                etags[key] = await Write(store, key, etags[key], contents[Random.Shared.Next(contents.Length)]);
            }
        })).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        Volatile.Write(ref stop, true);
        await Task.WhenAll(loops);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        return
        [
            ("per s", updates / elapsed),
            ("CPU µs", (process.TotalProcessorTime - cpu).TotalMicroseconds / updates),
            ("written B", (Written() - written) / (double)updates),
        ];
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private static async Task<string> Write(SqliteStateStore store, int key, string known, byte[] data)
    {
        var etag = Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        return await store.WriteAsync(new StateWrite(StateKey.Twin($"bench:{key}"), known, etag, data) { Revision = 1 })
            ? etag
            : throw new InvalidOperationException("the store holds another ETag");
    }

    private static async Task Each(int count, int together, Func<int, Task> work)
    {
        for (var first = 0; first < count; first += together)
        {
            await Task.WhenAll(Enumerable.Range(first, Math.Min(together, count - first)).Select(work));
        }
    }

    /// <summary>Bytes that this process has caused to be written to disks (proc_pid_io(5), write_bytes).</summary>
    private static long Written() => File.Exists("/proc/self/io")
        ? long.Parse(File.ReadLines("/proc/self/io").First(line => line.StartsWith("write_bytes", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture)
        : 0;

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
