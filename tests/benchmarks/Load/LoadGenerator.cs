using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Twins.Benchmarks.Load;

/// <summary>
/// The load, in a process of its own, so that what the server costs is told from what the load costs. Commands come
/// on standard input, one a line; each is answered with a line of JSON, and at the end of input the connections close:
/// <c>each FIRST COUNT</c> one message for each device, <c>for FIRST COUNT SECONDS</c> messages for the devices in turn,
/// <c>send FIRST COUNT MESSAGES</c> so many for each device, <c>paced FIRST COUNT SECONDS RATE</c> as <c>for</c>, and no more than so many
/// messages a second of all connections together, <c>even FIRST COUNT SECONDS RATE</c> the same, each connection at a moment of its own
/// rather than all at once, <c>reconnect FIRST COUNT</c> all connections are reset and made again at once, and each of
/// the devices sends one message.
/// </summary>
internal sealed class LoadGenerator
{
    /// <summary>The verb that starts it; not for people.</summary>
    public const string Verb = "load";

    private const int OpenedTogether = 50;

    private readonly LoadPlan _plan;
    private readonly LoadPacket _packet;
    private readonly LoadConnection[] _connections;

    private LoadGenerator(LoadPlan plan)
    {
        _plan = plan;
        _packet = new LoadPacket(plan);
        _connections = [.. Enumerable.Range(0, plan.Connections).Select(_ => new LoadConnection(_plan, _packet))];
    }

    /// <summary>Is it, until standard input ends.</summary>
    public static async Task Serve(Options options)
    {
        var generator = new LoadGenerator(LoadPlan.From(options));
        foreach (var chunk in generator._connections.Index().Chunk(OpenedTogether))
        {
            await Task.WhenAll(chunk.Select(connection => connection.Item.Open(connection.Index)));
        }

        Console.WriteLine("open");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Console.WriteLine(JsonSerializer.Serialize(await generator.Do(line.Split(' '))));
        }

        foreach (var connection in generator._connections)
        {
            connection.Dispose();
        }
    }

    private Task<LoadResult> Do(string[] command)
    {
        var numbers = command.Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return (command[0], numbers) switch
        {
            ("each", [var first, var count]) => Run(first, count, 1, Timeout.InfiniteTimeSpan),
            ("for", [var first, var count, var seconds]) => Run(first, count, long.MaxValue, TimeSpan.FromSeconds(seconds)),
            ("send", [var first, var count, var messages]) => Run(first, count, messages, Timeout.InfiniteTimeSpan),
            ("paced", [var first, var count, var seconds, var rate]) => Run(first, count, long.MaxValue, TimeSpan.FromSeconds(seconds), rate),
            ("even", [var first, var count, var seconds, var rate]) => Run(first, count, long.MaxValue, TimeSpan.FromSeconds(seconds), rate, isEven: true),
            ("reconnect", [var first, var count]) => Reconnect(first, count),
            _ => throw new OptionException($"\"{string.Join(' ', command)}\" is no command"),
        };
    }

    /// <summary>As after a power cut: nobody says goodbye, and everybody comes back at the same moment.</summary>
    private async Task<LoadResult> Reconnect(int first, int count)
    {
        var round = new LoadRound();
        foreach (var connection in _connections)
        {
            connection.Reset();
        }

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(_connections.Select((_, i) => Task.Run(async () =>
        {
            _connections[i] = new LoadConnection(_plan, _packet);
            await _connections[i].Open(i);
            // From the moment of the storm until it is connected.
            round.Acknowledged(started, 1);
        })));
        round.End();
        var messages = await Run(first, count, 1, Timeout.InfiniteTimeSpan);
        return round.Result() with { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, Messages = messages.Messages };
    }

    private async Task<LoadResult> Run(int first, int count, long messagesEach, TimeSpan time, int? rate = null, bool isEven = false)
    {
        var round = new LoadRound();
        var pacing = Math.Min(count, _connections.Length);
        var running = Task.WhenAll(_connections.Select((connection, i) =>
        {
            var devices = Enumerable.Range(first, count).Where(device => device % _connections.Length == i).ToArray();
            var pace = rate is { } all ? new LoadPace((double)all / pacing, isEven ? (double)i / pacing : null) : null;
            return devices.Length == 0 ? Task.CompletedTask : Task.Run(() => connection.Run(round, devices, messagesEach == long.MaxValue ? messagesEach : messagesEach * devices.Length, pace));
        }));
        if (time != Timeout.InfiniteTimeSpan)
        {
            // A connection that fails ends the round at once.
            await Task.WhenAny(running, Task.Delay(time));
            round.End();
        }

        await running;
        if (!round.Ended)
        {
            round.End();
        }

        return round.Result();
    }
}
