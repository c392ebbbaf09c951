using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>A cluster goes from one version to the next while it works: old and new silos serve one another's callers.</summary>
public sealed class MixedVersionTests : OwningTest
{
    private Cluster? _cluster;

    public override ValueTask InitializeAsync()
    {
        Require.Components(Component.Redis, Component.Paho);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Old_and_new_silos_are_one_cluster_during_a_roll()
    {
        using var next = new NextVersion();
        _cluster = Ours(await Cluster.Start(silos: 2));
        var applications = Ours(RestLoad.Start(_cluster.Rest, applications: 8));
        var devices = _cluster.Silos.Select((silo, number) => Ours(Load.Start(_cluster.Rest, silo.Settings.MqttPort, [1, 16], name: $"on-{number}"))).ToArray();
        await Task.WhenAll(devices.Select(load => load.GoesOn(50)));

        // Mixed: devices of the new silo speak to twins on the old one and the other way round, and so do commands.
        await _cluster.Restart(1, next.Silo);
        await Task.WhenAll(devices.Select(load => load.GoesOn(50)));
        await applications.GoesOn();
        for (var i = 0; i < 4; i++)
        {
            await AnswersCommands($"mixed-{i}-old", _cluster.Silos[0]);
            await AnswersCommands($"mixed-{i}-new", _cluster.Silos[1]);
        }

        await _cluster.Restart(0, next.Silo);
        await Task.WhenAll(devices.Select(load => load.GoesOn(50)));
        await applications.GoesOn();
        await AnswersCommands("all-new", _cluster.Silos[0]);

        foreach (var load in devices)
        {
            await load.Finish();
            await load.Ledger.Check(_cluster.Rest, TimeSpan.Zero);
            load.Ledger.AssertClean();
        }

        await applications.FinishClean();
    }

    /// <summary>A report is read, a desire arrives, a command is answered.</summary>
    private async Task AnswersCommands(string id, SiloProcess silo)
    {
        await using var device = await PahoClient.Connect(new PahoOptions(id, silo.Settings.MqttPort));
        await device.Subscribe($"twins/{id}/desired");
        await device.Subscribe($"twins/{id}/commands/+/+");
        await device.Publish($"twins/{id}/reported", """{"state":"at-work"}""");
        Assert.Equal("at-work", (string?)(await _cluster!.Rest.Reported(id))?["state"]);
        (await _cluster.Rest.Patch($"/twins/{id}/desired", """{"wish":1}""")).Expect(HttpStatusCode.OK);
        await device.Receive(m => m.Topic == $"twins/{id}/desired" && (int?)m.Json["wish"] == 1, $"what is desired of {id}");

        var asking = _cluster.Rest.Post($"/twins/{id}/commands/reboot?timeout=10s", "{}");
        var command = await device.Receive(m => m.Topic.StartsWith($"twins/{id}/commands/reboot/", StringComparison.Ordinal), $"the command of {id}");
        await device.Publish($"twins/{id}/commands/{command.Topic.Split('/')[^1]}/response", "\"done\"");
        (await asking).Expect(HttpStatusCode.OK);
    }
}
