using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Twins.Benchmarks.Rest;

/// <summary>The readers, in a process of their own: a line with seconds on standard input starts a round, and its result is a line of JSON.</summary>
internal static class ReadGenerator
{
    /// <summary>The verb that starts it; not for people.</summary>
    public const string Verb = "reads";

    /// <summary>Is it, until standard input ends.</summary>
    public static async Task Serve(Options options)
    {
        var plan = ReadPlan.From(options);
        var connections = Enumerable.Range(0, plan.Connections).Select(_ => new ReadConnection(plan)).ToArray();
        await Task.WhenAll(connections.Select(connection => connection.Open()));
        Console.WriteLine("open");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(JsonSerializer.Serialize(await Run(connections, TimeSpan.FromSeconds(int.Parse(line, CultureInfo.InvariantCulture)))));
        }

        foreach (var connection in connections)
        {
            connection.Dispose();
        }
    }

    private static async Task<ReadResult> Run(ReadConnection[] connections, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var reads = await Task.WhenAll(connections.Select(connection => Task.Run(async () =>
        {
            var times = new List<double>();
            for (var now = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started, now) < time;)
            {
                await connection.Read();
                var then = now;
                now = Stopwatch.GetTimestamp();
                times.Add(Stopwatch.GetElapsedTime(then, now).TotalMilliseconds);
            }

            return times;
        })));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var all = reads.SelectMany(times => times).Order().ToArray();
        return new ReadResult(all.Length / seconds, all[all.Length / 2], all[(int)(all.Length * 0.99)], all.Length);
    }
}
