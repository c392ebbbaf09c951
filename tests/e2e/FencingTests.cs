using System.Globalization;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// Silos that are suspended while they have the right to act for devices, and resumed when another one has it: what they had received,
/// and what is still unread in their sockets, changes no twin. <c>TWINS_FENCE_ROUNDS</c> is the number of rounds (docs/faults.md).
/// </summary>
public sealed class FencingTests : OwningTest
{
    private const int Silos = 3;

    /// <summary>Twins, their grains, the grains of sessions and leases are spread over the silos: each round has some on the suspended one.</summary>
    private const int Devices = 8;

    private MosquittoProcess _broker = null!;
    private Cluster _cluster = null!;

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("TWINS_FENCE_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 2;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Mosquitto, Component.Redis);
        _broker = Ours(await MosquittoProcess.Start());
        _cluster = Ours(await Cluster.Start(Silos, more: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Twins:Mqtt:Brokers:0:Name"] = "plant",
            ["Twins:Mqtt:Brokers:0:Uri"] = $"mqtt://127.0.0.1:{_broker.Port}",
        }));
    }

    [Fact]
    public async Task Resumed_gateway_does_not_change_twins()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (suspended, other) = (_cluster.Silos[round % Silos], _cluster.Silos[(round + 1) % Silos]);
            var ids = Enumerable.Range(0, Devices).Select(i => $"g{round}-{i}").ToArray();
            await using var watch = new TwinWatch(_cluster.Api.Url, ids);

            var before = await Task.WhenAll(ids.Select(id => WindowDevice.ConnectAsync(suspended.Settings.MqttPort, id, keepAliveSeconds: 60)));
            await PublishAsync(before, ids, 1);
            await Task.WhenAll(before.Select(device => device.AllAcknowledgedAsync()));

            // The silo has read the first two, or some of them, and finds the others in its sockets when it is resumed.
            await Task.WhenAll(before.Select((device, i) => PublishAsync(device, ids[i], 5, "a", "b")));
            await suspended.Pause();
            await Task.WhenAll(before.Select((device, i) => PublishAsync(device, ids[i], 5, "c", "d")));

            // Each device connects elsewhere, repeats what was not acknowledged, and continues.
            var after = await Task.WhenAll(ids.Select(id => WindowDevice.ConnectAsync(other.Settings.MqttPort, id, keepAliveSeconds: 60)));
            foreach (var value in new[] { 5, 20 })
            {
                await PublishAsync(after, ids, value);
                await Task.WhenAll(after.Select(device => device.AllAcknowledgedAsync(TimeSpan.FromSeconds(40))));
            }

            var deleted = ids.Where((_, i) => i % 4 == 3).ToArray();
            await DeleteAsync(deleted);

            suspended.Resume();
            await Eventually.Is(() => suspended.HasExited || before.All(device => device.IsClosed), "the resumed silo to close the old connections", TimeSpan.FromSeconds(40));
            await Eventually.Passes(() => AllAreAsync(ids.Except(deleted, StringComparer.Ordinal), 20));
            foreach (var id in deleted)
            {
                Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Rest.Get($"/twins/{id}")).Status);
            }

            Assert.Empty(watch.Faults);
            await DisposeAsync([.. before, .. after]);
            await BeCompleteAsync();
        }
    }

    [Fact]
    public async Task Resumed_broker_link_does_not_change_twins()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await Eventually.Is(() => Holder() is not null, "the link to connect");
            var holder = Holder()!;
            var ids = Enumerable.Range(0, Devices).Select(i => $"l{round}-{i}").ToArray();
            await using var watch = new TwinWatch(_cluster.Api.Url, ids);
            var devices = await Task.WhenAll(ids.Select(id => WindowDevice.ConnectAsync(_broker.Port, id, keepAliveSeconds: 60)));

            await AcknowledgedByAsync(holder, () => PublishAsync(devices, ids, 1));
            // The link has received these, or some of them; the broker gives them to the next one.
            await PublishAsync(devices, ids, 5);
            await holder.Pause();
            await Eventually.Is(() => Holder(except: holder) is not null, "another silo to have the link", TimeSpan.FromSeconds(40));
            var next = Holder(except: holder)!;
            await Eventually.Passes(() => AllAreAsync(ids, 5), TimeSpan.FromSeconds(40));
            await AcknowledgedByAsync(next, () => PublishAsync(devices, ids, 20));
            var deleted = ids.Where((_, i) => i % 4 == 3).ToArray();
            await DeleteAsync(deleted);

            holder.Resume();
            await Eventually.Is(
                () => holder.HasExited || holder.Output.Contains("Broker link plant has lost", StringComparison.Ordinal),
                "the resumed silo to leave the link",
                TimeSpan.FromSeconds(40));
            await Eventually.Passes(() => AllAreAsync(ids.Except(deleted, StringComparer.Ordinal), 20));
            foreach (var id in deleted)
            {
                Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Rest.Get($"/twins/{id}")).Status);
            }

            Assert.Empty(watch.Faults);
            await DisposeAsync(devices);
            await BeCompleteAsync();
        }
    }

    [Fact]
    public async Task Takeover_within_one_gateway_does_not_turn_twins_back()
    {
        var port = _cluster.A.Settings.MqttPort;
        var ids = Enumerable.Range(0, Devices).Select(i => $"t-{i}").ToArray();
        await using var watch = new TwinWatch(_cluster.Api.Url, ids);
        for (var round = 0; round < Math.Max(Rounds, 10); round++)
        {
            var before = await Task.WhenAll(ids.Select(id => WindowDevice.ConnectAsync(port, id, keepAliveSeconds: 60)));
            await PublishAsync(before, ids, (10 * round) + 1);
            var after = await Task.WhenAll(ids.Select(id => WindowDevice.ConnectAsync(port, id, keepAliveSeconds: 60)));
            foreach (var value in new[] { 1, 2 })
            {
                await PublishAsync(after, ids, (10 * round) + value);
                await Task.WhenAll(after.Select(device => device.AllAcknowledgedAsync()));
            }

            await Eventually.Is(() => before.All(device => device.IsClosed), "the earlier connections to be closed");
            await AllAreAsync(ids, (10 * round) + 2);
            await DisposeAsync([.. before, .. after]);
        }

        Assert.Empty(watch.Faults);
    }

    /// <summary>Publishes, and returns when the silo has acknowledged that many messages to the broker: then none is delivered again.</summary>
    private static async Task AcknowledgedByAsync(SiloProcess silo, Func<Task> publish)
    {
        using var rest = new TwinsRest(silo.Url);
        var before = await rest.Metric("twins_ingress_acknowledged_total");
        await publish();
        await Eventually.Is(
            async () => await rest.Metric("twins_ingress_acknowledged_total") >= before + (Devices * 4), "the link to acknowledge", TimeSpan.FromSeconds(40));
    }

    private static Task PublishAsync(WindowDevice[] devices, string[] ids, int value) =>
        Task.WhenAll(devices.Select((device, i) => PublishAsync(device, ids[i], value, "a", "b", "c", "d")));

    /// <summary>The silo whose last word about the link is that it has connected.</summary>
    private SiloProcess? Holder(SiloProcess? except = null) => _cluster.Silos.FirstOrDefault(silo =>
        silo != except && !silo.HasExited
        && silo.Output.LastIndexOf("Broker link plant is connected", StringComparison.Ordinal) is >= 0 and var connected
        && silo.Output.LastIndexOf("Broker link plant has lost", StringComparison.Ordinal) < connected);

    private static async Task PublishAsync(WindowDevice device, string id, int value, params string[] properties)
    {
        foreach (var property in properties)
        {
            await device.PublishAsync($"twins/{id}/reported", $$"""{"{{property}}":{{value}}}""");
        }
    }

    /// <summary>A request that went through the suspended silo is answered 503, and repeated; it may have been done.</summary>
    private async Task DeleteAsync(string[] ids)
    {
        foreach (var id in ids)
        {
            await Eventually.Is(
                async () => (await _cluster.Rest.Delete($"/twins/{id}")).Status is HttpStatusCode.NoContent or HttpStatusCode.NotFound,
                $"{id} to be deleted",
                TimeSpan.FromSeconds(40));
        }
    }

    private async Task AllAreAsync(IEnumerable<string> ids, int value)
    {
        foreach (var id in ids)
        {
            var reported = (await _cluster.Rest.Reported(id))!;
            Assert.All(["a", "b", "c", "d"], name => Assert.Equal(value, (int?)reported[name]));
        }
    }

    private static async Task DisposeAsync(IAsyncDisposable[] devices)
    {
        foreach (var device in devices)
        {
            await device.DisposeAsync();
        }
    }

    /// <summary>A silo that others had given up ends when it is resumed: it is started again.</summary>
    private async Task BeCompleteAsync()
    {
        foreach (var silo in _cluster.Silos.ToArray())
        {
            await Eventually.Is(async () => silo.HasExited || await IsReadyAsync(silo), "a silo to end or to be ready", TimeSpan.FromSeconds(40));
            if (silo.HasExited)
            {
                await _cluster.StartAgain(silo);
            }
        }
    }

    private static async Task<bool> IsReadyAsync(SiloProcess silo)
    {
        using var rest = new TwinsRest(silo.Url);
        try
        {
            return (await rest.Get("/health/ready")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
