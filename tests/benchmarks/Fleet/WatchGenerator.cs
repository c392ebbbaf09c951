using System.Net.Sockets;
using System.Text.Json;

namespace Twins.Benchmarks.Fleet;

/// <summary>
/// The watchers, in a process of their own. Commands come on standard input, one a line; each is answered with a line of JSON, and at
/// the end of input the streams close: <c>begin</c> counts what is sent from now on, <c>result</c> says what has come of it.
/// </summary>
internal static class WatchGenerator
{
    /// <summary>The verb that starts it; not for people.</summary>
    public const string Verb = "watch";

    private const int OpenedTogether = 50;

    /// <summary>Is it, until standard input ends.</summary>
    public static async Task Serve(Options options)
    {
        var plan = WatchPlan.From(options);
        var watchers = new List<Watcher> { await Watcher.Open(plan.Port, filter: null) };
        foreach (var chunk in Enumerable.Range(0, plan.Watchers).Chunk(OpenedTogether))
        {
            watchers.AddRange(await Task.WhenAll(chunk.Select(watcher => Watcher.Open(plan.Port, WatchPlan.FilterOf(watcher)))));
        }

        WatchCount? count = null;
        var reading = Task.WhenAny(watchers.Select(watcher => Task.Run(() => watcher.Read(() => Volatile.Read(ref count)))));
        Console.WriteLine("open");
        while (await Next(reading) is { } command)
        {
            Volatile.Write(ref count, command == "begin" ? new WatchCount(plan) : count);
            Console.WriteLine(JsonSerializer.Serialize(count?.Result()));
        }

        watchers.ForEach(watcher => watcher.Dispose());
        try
        {
            await await reading;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Closed by us.
        }
    }

    /// <summary>The next command; the end of a stream is the end of all.</summary>
    private static async Task<string?> Next(Task<Task> reading)
    {
        // Console.In reads asynchronously in name only.
        var command = Task.Run(Console.In.ReadLine);
        if (await Task.WhenAny(command, reading) == reading)
        {
            await await reading;
        }

        return await command;
    }
}
