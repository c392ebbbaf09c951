using System.Globalization;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>What applications were promised outlives a <c>kill -9</c>: writes, revisions, commands and deltas.</summary>
public sealed class SurvivalTests : IAsyncLifetime
{
    private Platform? _platform;

    public ValueTask InitializeAsync()
    {
        Require.Components(Component.Paho);
        return ValueTask.CompletedTask;
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

    private Task<PahoClient> Connect(string id) =>
        PahoClient.Connect(new PahoOptions(id, _platform!.MqttPort(Link.Gateway)));
}
