using System.Globalization;
using System.Text.Json;

namespace Twins.Benchmarks.Load;

/// <summary>
/// The load, in a process of its own, so that what the server costs is told from what the load costs. Commands come
/// on standard input, one a line; each is answered with a line of JSON, and at the end of input the connections close:
/// <c>each FIRST COUNT</c> one message for each device, <c>for FIRST COUNT SECONDS</c> messages for the devices in turn,
/// <c>send FIRST COUNT MESSAGES</c> so many for each device.
/// </summary>
internal sealed class LoadGenerator
{
    /// <summary>The verb that starts it; not for people.</summary>
    public const string Verb = "load";

    private const int OpenedTogether = 50;

    private readonly LoadConnection[] _connections;

    private LoadGenerator(LoadConnection[] connections) => _connections = connections;

    /// <summary>Is it, until standard input ends.</summary>
    public static async Task Serve(Options options)
    {
        var plan = LoadPlan.From(options);
        var packet = new LoadPacket(plan);
        var generator = new LoadGenerator([.. Enumerable.Range(0, plan.Connections).Select(_ => new LoadConnection(plan, packet))]);
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
            _ => throw new OptionException($"\"{string.Join(' ', command)}\" is no command"),
        };
    }

    private async Task<LoadResult> Run(int first, int count, long messagesEach, TimeSpan time)
    {
        var round = new LoadRound();
        var running = Task.WhenAll(_connections.Select((connection, i) =>
        {
            var devices = Enumerable.Range(first, count).Where(device => device % _connections.Length == i).ToArray();
            return devices.Length == 0 ? Task.CompletedTask : Task.Run(() => connection.Run(round, devices, messagesEach == long.MaxValue ? messagesEach : messagesEach * devices.Length));
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
