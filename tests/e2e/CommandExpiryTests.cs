using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// Commands with short timeouts to devices that are slow, leave and return. <c>TWINS_COMMANDS</c> is the number of commands
/// (docs/testing.md).
/// </summary>
public sealed class CommandExpiryTests : OwningTest
{
    private const int Devices = 20;
    private const int Senders = 16;

    private readonly ConcurrentQueue<JsonNode> _received = new();
    private readonly ConcurrentDictionary<string, double> _online = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static int Commands => int.TryParse(Environment.GetEnvironmentVariable("TWINS_COMMANDS"), CultureInfo.InvariantCulture, out var commands) ? commands : 400;

    [Fact]
    public async Task No_command_is_executed_after_its_timeout()
    {
        Require.Components(Component.Paho);
        var platform = Ours(await Platform.Start(Store.Embedded, broker: false));
        await using var devices = ChildProcess.Start(
            Component.Paho.RequiredPath,
            ["-u", Path.Combine(AppContext.BaseDirectory, "paho", "commands.py"), $"{platform.MqttPort(Link.Gateway)}", $"{Devices}", "1"],
            onOutput: OnLine);
        await _ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var sent = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(Enumerable.Range(0, Senders), new ParallelOptions { MaxDegreeOfParallelism = Senders }, async (sender, _) =>
        {
            var random = new Random(sender);
            using var rest = new TwinsRest(platform.Twins.Url);
            while (sent.Count < Commands)
            {
                var timeout = 100 + random.Next(2_900);
                // 409 while the device is away, 429 while too many wait.
                var answer = await rest.Post($"/twins/c{random.Next(Devices)}/commands/open?timeout={timeout}ms", """{"valve":1}""", ("Prefer", "respond-async"));
                if (answer.Status == HttpStatusCode.Accepted)
                {
                    sent[(string)answer.Json!["id"]!] = true;
                }
                else
                {
                    Assert.Contains(answer.Status, new[] { HttpStatusCode.Conflict, HttpStatusCode.TooManyRequests, HttpStatusCode.NotFound, HttpStatusCode.GatewayTimeout });
                }
            }
        });
        // Each device connects once more when all commands have ended, and gets what its session still has.
        await Eventually.Is(() => AllEndedAsync(platform), "all commands to end");
        var ended = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        await Eventually.Is(() => _online.Count(device => device.Value > ended) == Devices, "all devices to connect again");

        var received = _received.ToArray();
        var executed = received.Where(line => (bool)line["executed"]!).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent.Count} commands, {received.Length} deliveries, {executed.Length} executed");
        // Devices are away, or slow, for most of the time; that enough arrives says only that the test tests something.
        Assert.InRange(executed.Length, Commands / 10, Commands);
        Assert.All(received, line => Assert.NotNull((double?)line["expires"]));
        Assert.All(executed, line => Assert.True((double)line["at"]! <= (double)line["expires"]!));
        // The devices check the time. The platform does as well: nothing that had expired was sent on a connection that was made later.
        Assert.Empty(received.Where(line => (double)line["expires"]! < (double)line["connected"]!).Select(line => line.ToJsonString()));
    }

    private static async Task<bool> AllEndedAsync(Platform platform)
    {
        for (var i = 0; i < Devices; i++)
        {
            var commands = (await platform.Rest.Get($"/twins/c{i}/commands")).Expect(HttpStatusCode.OK)!["items"]!.AsArray();
            if (commands.Any(command => (string?)command!["status"] is "pending" or "sent"))
            {
                return false;
            }
        }

        return true;
    }

    private void OnLine(string text)
    {
        var line = JsonNode.Parse(text)!;
        if (line["online"] is { } online)
        {
            _online[(string)line["device"]!] = (double)online;
            return;
        }

        if (line["ready"] is not null)
        {
            _ready.TrySetResult();
        }
        else
        {
            _received.Enqueue(line);
        }
    }
}
