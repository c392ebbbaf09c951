using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>From one process to a cluster by settings alone: a Redis, two silos and an API.</summary>
public sealed class ClusterTests : OwningTest
{
    private Cluster _cluster = null!;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho, Component.Redis, Component.MosquittoSub);
        _cluster = Ours(await Cluster.Start());
    }

    [Fact]
    public async Task It_is_one_platform_whichever_silo_a_device_hangs_on()
    {
        var live = Ours(await _cluster.Rest.Listen("/events"));
        var atA = Ours(await MosquittoSub.Start(_cluster.A.Settings.MqttPort, "twins/+/events/#"));
        var atB = Ours(await MosquittoSub.Start(_cluster.B.Settings.MqttPort, "twins/+/events/#"));

        // More than one each, so that twins live on the silo of their device and on the other.
        var devices = new List<PahoClient>();
        for (var i = 0; i < 3; i++)
        {
            devices.Add(await Device($"on-a-{i}", _cluster.A));
            devices.Add(await Device($"on-b-{i}", _cluster.B));
        }

        foreach (var device in devices)
        {
            await DoesItsWork(device);
            var id = device.Options.ClientId;
            await live.Inbox.Take(e => e.Type == "changed" && e.Data.Contains(id, StringComparison.Ordinal), $"the change of {id} at the API");
            await atA.Inbox.Take(m => m.Topic == $"twins/{id}/events/changed", $"the change of {id} at silo A");
            await atB.Inbox.Take(m => m.Topic == $"twins/{id}/events/changed", $"the change of {id} at silo B");
        }

        Assert.Equal(devices.Select(device => device.Options.ClientId).Order(StringComparer.Ordinal), (await _cluster.Rest.TwinIds()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_silo_that_is_killed_loses_nothing_and_its_devices_go_on_at_the_other()
    {
        var orphans = new List<PahoClient>();
        for (var i = 0; i < 4; i++)
        {
            orphans.Add(await Device($"orphan-{i}", _cluster.A));
        }

        var stays = await Device("stays", _cluster.B);
        var live = Ours(await _cluster.Rest.Listen("/events"));
        var atB = Ours(await MosquittoSub.Start(_cluster.B.Settings.MqttPort, "twins/stays/events/#"));
        var streaming = orphans.Select(device => Stream(device, last: int.MaxValue)).ToArray();
        await Task.WhenAll(orphans.Select(device => device.Progress)).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

        await _cluster.A.Kill();
        var watch = Stopwatch.StartNew();
        // No more than a twin keeps while nobody can be told.
        var undisturbed = Stream(stays, last: 40);
        var streams = await Task.WhenAll(streaming);
        foreach (var (device, cut) in orphans.Zip(streams))
        {
            await Eventually.Passes(
                async () => Assert.Empty(cut.Faults(await _cluster.Rest.Reported(device.Options.ClientId))), TimeSpan.FromSeconds(10));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"all twins answered {watch.Elapsed.TotalSeconds:0.0} s after the kill");
        foreach (var device in orphans)
        {
            await Eventually.Passes(async () => Assert.Equal("offline", await Status(device.Options.ClientId)));
            await live.Inbox.Take(e => e.Type == "offline" && e.Data.Contains(device.Options.ClientId, StringComparison.Ordinal), "the event of going offline");
        }

        var stream = await undisturbed;
        Assert.Equal(40, stream.Acknowledged.Length);
        Assert.Empty(stream.Faults(await _cluster.Rest.Reported("stays")));
        Assert.Equal("online", await Status("stays"));

        foreach (var device in orphans)
        {
            await DoesItsWork(await Device(device.Options.ClientId, _cluster.B));
            await live.Inbox.Take(
                e => e.Type == "changed" && e.Data.Contains(device.Options.ClientId, StringComparison.Ordinal) && e.Data.Contains("at-work", StringComparison.Ordinal),
                "the change after the kill");
        }

        await DoesItsWork(stays);
        await AllIsTold((long)(await _cluster.Rest.Twin("stays"))["revision"]!, () => live.Inbox.All.Where(e => e.Type != "reset").Select(e => e.Json), "API");
        await AllIsTold((long)(await _cluster.Rest.Twin("stays"))["revision"]!, () => atB.Inbox.All.Select(m => m.Json), "gateway");
    }

    private async Task<PahoClient> Device(string id, SiloProcess silo)
    {
        var device = Ours(await PahoClient.Connect(new PahoOptions(id, silo.Settings.MqttPort)));
        await device.Subscribe($"twins/{id}/desired");
        await device.Subscribe($"twins/{id}/commands/+/+");
        await device.Publish($"twins/{id}/reported", "{}");
        return device;
    }

    /// <summary>A report is read, a desire arrives, a command is answered.</summary>
    private async Task DoesItsWork(PahoClient device)
    {
        var id = device.Options.ClientId;
        await device.Publish($"twins/{id}/reported", """{"state":"at-work"}""");
        Assert.Equal("at-work", (string?)(await _cluster.Rest.Reported(id))?["state"]);
        await Eventually.Passes(async () => Assert.Equal("online", await Status(id)));

        var wish = Guid.NewGuid().ToString("N");
        (await _cluster.Rest.Patch($"/twins/{id}/desired", $$"""{"wish":"{{wish}}"}""")).Expect(HttpStatusCode.OK);
        await device.Receive(m => m.Topic == $"twins/{id}/desired" && (string?)m.Json["wish"] == wish, $"what is desired of {id}");

        var answering = Answer(device);
        var answer = await _cluster.Rest.Post($"/twins/{id}/commands/reboot?timeout=10s", "{}");
        await answering;
        Assert.Contains("done", answer.Text, StringComparison.Ordinal);
        answer.Expect(HttpStatusCode.OK);
    }

    /// <summary>Each revision after the first, which was before anybody listened; what the killed silo was telling may come twice.</summary>
    private static Task AllIsTold(long revision, Func<IEnumerable<JsonNode>> events, string where) => Eventually.Passes(() =>
    {
        var told = events().Where(e => (string?)e["subject"] == "stays").Select(e => (long?)e["data"]?["revision"]).OfType<long>().ToHashSet();
        var missing = Enumerable.Range(2, (int)revision - 1).Where(number => !told.Contains(number)).ToArray();
        Assert.True(missing.Length == 0, $"never told at the {where}: revisions {string.Join(' ', missing)} of {revision}");
        return Task.CompletedTask;
    });

    private static async Task Answer(PahoClient device)
    {
        var commands = $"twins/{device.Options.ClientId}/commands/";
        var command = await device.Receive(m => m.Topic.StartsWith($"{commands}reboot/", StringComparison.Ordinal), "the command");
        await device.Publish($"{commands}{command.Topic.Split('/')[^1]}/response", "\"done\"");
    }

    private static Task<PahoStream> Stream(PahoClient device, int last) =>
        device.Stream($"twins/{device.Options.ClientId}/reported", properties: 100, window: 10, report: 200, last);

    private async Task<string?> Status(string id) => (string?)(await _cluster.Rest.Twin(id))["connection"]?["status"];
}
