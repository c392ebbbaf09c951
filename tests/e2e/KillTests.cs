using System.Globalization;
using System.Net;
using Twins.EndToEnd.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Acknowledged means durable: <c>kill -9</c> while devices publish, again and again on the same data.</summary>
public sealed class KillTests : IAsyncLifetime
{
    /// <summary>
    /// A message sets one of 300 properties, so that loss inside the stream shows too and not only at its end; 300
    /// of them stay far below the limit of a document.
    /// </summary>
    private const int Properties = 300;

    private readonly List<(string Id, PahoStream Stream)> _streams = [];
    private Platform? _platform;

    public ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Twenty_kills_lose_nothing_on_the_embedded_store()
    {
        _platform = await Platform.Start(Store.Embedded, broker: false);
        for (var round = 1; round <= 20; round++)
        {
            await PublishUntilKilled(round);
            await _platform.StartAgain();
            await AllIsThere(round);
        }

        await AllRoundsAreThere();
    }

    [Fact]
    public async Task Three_kills_lose_nothing_on_Redis()
    {
        Require.Components(Component.Redis);
        _platform = await Platform.Start(Store.Redis, broker: false);
        for (var round = 1; round <= 3; round++)
        {
            await PublishUntilKilled(round);
            if (round == 3)
            {
                await _platform.Redis!.Kill();
                await _platform.Redis.StartAgain();
            }

            await _platform.StartAgain();
            await AllIsThere(round);
        }

        await AllRoundsAreThere();
    }

    [Fact]
    public async Task Writes_over_REST_survive_as_well()
    {
        _platform = await Platform.Start(Store.Embedded, broker: false);
        var revisions = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            var answer = await _platform.Rest.Put($"/twins/rest-{i}", $$"""{ "tags": { "i": {{i}} }, "desired": { "i": {{i}} } }""");
            answer.Expect(HttpStatusCode.Created);
            revisions[$"rest-{i}"] = (long)(await _platform.Rest.Twin($"rest-{i}"))["revision"]!;
        }

        (await _platform.Rest.Delete("/twins/rest-0")).Expect(HttpStatusCode.NoContent);
        await _platform.Twins.Kill();
        await _platform.StartAgain();

        Assert.Equal(HttpStatusCode.NotFound, (await _platform.Rest.Get("/twins/rest-0")).Status);
        foreach (var (id, revision) in revisions.Where(pair => pair.Key != "rest-0"))
        {
            var twin = await _platform.Rest.Twin(id);
            Assert.Equal(revision, (long)twin["revision"]!);
            Assert.Equal(int.Parse(id["rest-".Length..], CultureInfo.InvariantCulture), (int?)twin["tags"]!["i"]);
        }
    }

    [Fact]
    public async Task A_revision_never_starts_again()
    {
        _platform = await Platform.Start(Store.Embedded, broker: false);
        var revision = 0L;
        for (var life = 0; life < 3; life++)
        {
            (await _platform.Rest.Put("/twins/again", """{"tags":{"a":1}}""")).Expect(HttpStatusCode.Created);
            var born = (long)(await _platform.Rest.Twin("again"))["revision"]!;
            Assert.True(born > revision, $"life {life} began at revision {born}, after {revision}");
            revision = born;
            (await _platform.Rest.Delete("/twins/again")).Expect(HttpStatusCode.NoContent);
            if (life == 1)
            {
                await _platform.Twins.Kill();
                await _platform.StartAgain();
            }
        }
    }

    [Fact]
    public async Task A_command_can_be_answered_after_a_kill()
    {
        _platform = await Platform.Start(Store.Embedded, broker: false);
        string location, commandId;
        await using (var device = await Connect("commanded"))
        {
            await device.Subscribe("twins/commanded/commands/+/+");
            await device.Publish("twins/commanded/reported", """{"a":1}""");
            var accepted = await _platform.Rest.Post("/twins/commanded/commands/work?timeout=1h", "{}", ("Prefer", "respond-async"));
            Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
            location = $"/twins/commanded/commands/{(string)accepted.Json!["id"]!}";
            var command = await device.Receive(m => m.Topic.StartsWith("twins/commanded/commands/work/", StringComparison.Ordinal), "the command");
            commandId = command.Topic.Split('/')[^1];
            await _platform.Twins.Kill();
        }

        await _platform.StartAgain();
        (await _platform.Rest.Get(location)).Expect(HttpStatusCode.OK);

        await using var returned = await Connect("commanded");
        await returned.Publish($"twins/commanded/commands/{commandId}/response", """{"done":true}""");
        await Eventually.Passes(async () =>
            Assert.Equal("answered", (string?)(await _platform.Rest.Get(location)).Expect(HttpStatusCode.OK)!["status"]));
    }

    [Fact]
    public async Task What_was_desired_before_a_kill_reaches_the_device_after_it()
    {
        _platform = await Platform.Start(Store.Embedded, broker: false);
        await using (var device = await Connect("desired"))
        {
            await device.Publish("twins/desired/reported", """{"setpoint":35}""");
        }

        (await _platform.Rest.Patch("/twins/desired/desired", """{"setpoint":40}""")).Expect(HttpStatusCode.OK);
        await _platform.Twins.Kill();
        await _platform.StartAgain();

        await using var returned = await Connect("desired");
        await returned.Subscribe("twins/desired/desired");
        Assert.Equal(40, (int?)(await returned.Receive("twins/desired/desired")).Json["setpoint"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }
    }

    /// <summary>One device sends ahead of its acknowledgements, another waits for each, and the process dies.</summary>
    private async Task PublishUntilKilled(int round)
    {
        // Killed early in one round and late in another: the acknowledgements after which it dies.
        var report = Random.Shared.Next(1, 400);
        await using var pipelined = await Connect($"pipelined-{round}");
        await using var single = await Connect($"single-{round}");
        var streams = new[]
        {
            pipelined.Stream($"twins/{pipelined.Options.ClientId}/reported", Properties, window: 20, report),
            single.Stream($"twins/{single.Options.ClientId}/reported", Properties, window: 1, report),
        };
        await Task.WhenAny(pipelined.Progress, single.Progress, Task.WhenAll(streams));

        await _platform!.Twins.Kill();

        foreach (var (device, stream) in new[] { pipelined, single }.Zip(await Task.WhenAll(streams)))
        {
            _streams.Add((device.Options.ClientId, stream));
        }

        Assert.Contains(_streams[^2..], pair => pair.Stream.Acknowledged.Length >= report);
    }

    private Task<PahoClient> Connect(string id) =>
        PahoClient.Connect(new PahoOptions(id, _platform!.MqttPort(Link.Gateway)));

    private async Task AllIsThere(int round)
    {
        foreach (var (id, stream) in _streams.TakeLast(2))
        {
            var faults = stream.Faults(await _platform!.Rest.Reported(id));
            Assert.True(faults.Count == 0, $"round {round}, {id}: {string.Join("; ", faults.Take(5))} ({faults.Count} in all)");
        }
    }

    private async Task AllRoundsAreThere()
    {
        foreach (var (id, stream) in _streams)
        {
            Assert.Empty(stream.Faults(await _platform!.Rest.Reported(id)));
        }
    }
}
