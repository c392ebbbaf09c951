using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// A cluster goes from one release to the next while it works, and back: old and new silos serve one another's callers, and read the states that
/// the others write.
/// </summary>
public sealed class MixedVersionTests : OwningTest
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private RedisProcess _redis = null!;
    private Cluster? _cluster;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Redis, Component.RedisCli, Component.Paho);
        _redis = Ours(await RedisProcess.Start());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Roll_to_the_next_format_and_back_loses_nothing()
    {
        using var reads = OtherRelease.ThatReadsTheNextFormat();
        using var writes = OtherRelease.ThatWritesTheNextFormat();
        _cluster = Ours(await Cluster.Start(silos: 2, redis: _redis.ConnectionString));
        var applications = Ours(RestLoad.Start(_cluster.Rest, applications: 8));
        var devices = _cluster.Silos.Select((silo, number) => Ours(Load.Start(_cluster.Rest, silo.Settings.MqttPort, [1, 16], name: $"on-{number}"))).ToArray();
        await AnswersCommands("first", _cluster.Silos[0]);
        var format = await Format("first");

        // A release that does not write the next format yet.
        await Roll("read", reads.Silo);
        Assert.Equal(format, await Format("read-all"));
        Assert.Equal(format, await StoreFormat());

        // The one that writes it: silos of the release before read it.
        await Roll("written", writes.Silo);
        Assert.Equal(format + 1, await Format("written-all"));
        Assert.Equal(format + 1, await StoreFormat());

        // Back to the release before, which reads all that was written.
        await Roll("back", reads.Silo);
        Assert.Equal(format, await Format("back-all"));

        foreach (var load in devices)
        {
            await load.Finish();
            await load.Ledger.Check(_cluster.Rest, TimeSpan.Zero);
            load.Ledger.AssertClean();
        }

        await applications.FinishClean();
        var twins = await _cluster.Rest.TwinIds();
        Assert.Contains("written-all", twins);
        foreach (var id in twins)
        {
            await _cluster.Rest.Twin(id);
        }

        Assert.All(_cluster.Silos, silo => Assert.DoesNotContain("Failed to read", silo.Output, StringComparison.Ordinal));

        // But not to the one that does not read it.
        await _cluster.Silos[1].Stop();
        await RefusesToStart(_cluster.Launch(), $"the store has format {format + 1}, and this version reads formats up to {format};");

        async Task Roll(string name, string release)
        {
            await _cluster.Restart(1, release);
            await Task.WhenAll(devices.Select(load => load.GoesOn(50)));
            await applications.GoesOn();

            // Mixed: devices of the new silo speak to twins on the old one and the other way round, and so do commands.
            for (var i = 0; i < 4; i++)
            {
                await AnswersCommands($"{name}-{i}-old", _cluster.Silos[0]);
                await AnswersCommands($"{name}-{i}-new", _cluster.Silos[1]);
            }

            await _cluster.Restart(0, release);
            await Task.WhenAll(devices.Select(load => load.GoesOn(50)));
            await applications.GoesOn();
            await AnswersCommands($"{name}-all", _cluster.Silos[0]);
        }
    }

    [Fact]
    public async Task Silo_refuses_a_cluster_of_release_0_1()
    {
        using var former = OtherRelease.Former();
        var old = Ours(SiloProcess.Launch(Settings(), former.Silo));
        await old.IsReady();

        // Release 0.1 notes no version.
        await RedisCli.Run("-p", $"{_redis.Port}", "del", "twins/versions/default");
        await RefusesToStart(
            Ours(SiloProcess.Launch(Settings())),
            $"silo 127.0.0.1:{old.Settings.SiloPort} of this cluster has version 2, and this silo (version 3) can join silos of version 3 and later only; stop all silos of the cluster");

        // A silo that was killed is in the membership table as if it lived.
        await old.Kill();
        await Ours(SiloProcess.Launch(Settings())).IsReady();
    }

    [Fact]
    public async Task Silo_refuses_a_format_that_a_member_cannot_read()
    {
        using var writes = OtherRelease.ThatWritesTheNextFormat();
        var silo = Ours(SiloProcess.Launch(Settings()));
        await silo.IsReady();

        await RefusesToStart(Ours(SiloProcess.Launch(Settings(), writes.Silo)), $"silo 127.0.0.1:{silo.Settings.SiloPort} of this cluster reads stored formats up to 2, and this silo writes format 3;");

        Assert.Equal(2, await StoreFormat());
        Assert.Single((await RedisCli.Run("-p", $"{_redis.Port}", "hkeys", "twins/versions/default")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(0, await silo.Stop());
        Assert.Equal("0", (await RedisCli.Run("-p", $"{_redis.Port}", "exists", "twins/versions/default")).Trim());
    }

    private static async Task RefusesToStart(SiloProcess silo, string sentence)
    {
        Assert.Equal(1, await silo.WaitForExit(s_deadline));
        Assert.Contains($"Twins does not start: {sentence}", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
    }

    private TwinsSettings Settings() => new() { DataDirectory = _folder.In("data"), Redis = _redis.ConnectionString };

    /// <summary>The format of a stored twin.</summary>
    private async Task<int> Format(string id)
    {
        var stored = await RedisCli.Run("-p", $"{_redis.Port}", "hget", $"twins/state/twin/{id}/twin", "data");
        return JsonNode.Parse(stored)!["format"]!.GetValue<int>();
    }

    /// <summary>The highest format of the store.</summary>
    private async Task<int> StoreFormat() => int.Parse((await RedisCli.Run("-p", $"{_redis.Port}", "get", "twins/format")).Trim(), CultureInfo.InvariantCulture);

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
