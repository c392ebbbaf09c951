using System.Collections.Concurrent;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>What is promised to devices and to those who listen, while the silo dies that had to keep the promise.</summary>
public sealed class EgressGuaranteeTests : OwningTest
{
    private const int Rounds = 40;

    /// <summary>An answer that went through the dead silo does not come, and the API waits for it for 30 s.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private Cluster _cluster = null!;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho, Component.Redis, Component.MosquittoSub);
        _cluster = Ours(await Cluster.Start());
    }

    [Fact]
    public async Task Commands_and_desired_arrive_in_order_though_the_silo_dies_that_was_sending()
    {
        // Several, so that twins and their ways out are on either silo.
        var devices = await Task.WhenAll(Enumerable.Range(1, 6).Select(i => Device($"kept-{i}", _cluster.A)));
        await Device("left", _cluster.B);
        await using var listener = await MosquittoSub.Start(_cluster.A.Settings.MqttPort, "twins/left/events/#");

        using var answering = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var answers = devices.Select(device => Answer(device, answering.Token)).ToArray();
        var sending = devices.Select(Send).ToArray();
        await Eventually.Is(() => devices.All(device => Commands(device).Count() > Rounds / 4), "commands to arrive");
        await _cluster.B.Kill();
        var accepted = await Task.WhenAll(sending);

        foreach (var (device, ids) in devices.Zip(accepted))
        {
            var id = device.Options.ClientId;
            Assert.NotEmpty(ids);
            await Eventually.Passes(() =>
            {
                Assert.Empty(ids.Except(Commands(device).Select(command => command.Id), StringComparer.Ordinal));
                return Task.CompletedTask;
            });

            // Repetitions have the id of what they repeat; without them each is behind those that were sent before it,
            // and behind what was desired before it.
            var first = Commands(device).DistinctBy(command => command.Id).ToArray();
            Assert.Equal(first.Select(command => command.Number).Order(), first.Select(command => command.Number));
            Assert.All(first, command => Assert.True(command.Desired >= command.Number, $"{id}: command {command.Number} came when {command.Desired} was desired"));
            await Eventually.Is(() => Desired(device).LastOrDefault() == Rounds, $"{id} to be told what is desired at last");
        }

        // Nobody asks for it: who listens is told nevertheless.
        await listener.Inbox.Take(message => message.Topic == "twins/left/events/offline", "that the dead silo's device is offline");
        await answering.CancelAsync();
        await Task.WhenAll(answers);
    }

    private async Task<PahoClient> Device(string id, SiloProcess silo)
    {
        var device = Ours(await PahoClient.Connect(new PahoOptions(id, silo.Settings.MqttPort)));
        await device.Publish($"twins/{id}/reported", "{}");
        await device.Subscribe($"twins/{id}/desired");
        await device.Subscribe($"twins/{id}/commands/+/+");
        return device;
    }

    /// <summary>Desires a number and sends a command with it, in turn; returns the ids of the commands that were accepted.</summary>
    private async Task<string[]> Send(PahoClient device)
    {
        var id = device.Options.ClientId;
        var accepted = new List<string>();
        for (var round = 1; round <= Rounds; round++)
        {
            await Eventually.Passes(async () =>
                (await _cluster.Rest.Put($"/twins/{id}/desired/round", $"{round}").WaitAsync(s_patience)).Expect(HttpStatusCode.OK));
            try
            {
                var answer = await _cluster.Rest.Post($"/twins/{id}/commands/go?timeout=60s", $"{round}", ("Prefer", "respond-async")).WaitAsync(s_patience);
                if (answer.Status == HttpStatusCode.Accepted)
                {
                    accepted.Add((string)answer.Json!["id"]!);
                }
            }
            catch (TimeoutException)
            {
                // One without an answer, or with an error, may have been stored: it may arrive, and need not.
            }
        }

        return [.. accepted];
    }

    /// <summary>Answers each command once, as a device does that knows what it has done.</summary>
    private static async Task Answer(PahoClient device, CancellationToken stop)
    {
        var done = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!stop.IsCancellationRequested)
        {
            foreach (var command in Commands(device).Where(command => done.TryAdd(command.Id, true)).ToArray())
            {
                await device.Publish($"twins/{device.Options.ClientId}/commands/{command.Id}/response", "true");
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>What came of commands, each with what was desired when it came.</summary>
    private static IEnumerable<(string Id, int Number, int Desired)> Commands(PahoClient device)
    {
        var desired = 0;
        foreach (var message in device.Inbox.All)
        {
            if (message.Topic.EndsWith("/desired", StringComparison.Ordinal))
            {
                desired = (int?)message.Json["round"] ?? desired;
            }
            else
            {
                yield return (message.Topic.Split('/')[^1], (int)message.Json, desired);
            }
        }
    }

    private static IEnumerable<int> Desired(PahoClient device) => device.Inbox.All
        .Where(message => message.Topic.EndsWith("/desired", StringComparison.Ordinal) && message.Json["round"] is not null)
        .Select(message => (int)message.Json["round"]!);
}
