using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>
/// A fleet runs, the platform or its Redis dies and starts again on the same data, and the simulator's ledger is the truth
/// about what has to be there.
/// </summary>
public sealed class SimulatorKillTests : IAsyncLifetime
{
    private const int SuiteRounds = 3;
    private const int Devices = 30;

    /// <summary>A fleet that was cut off tries again after pauses of up to half a minute.</summary>
    private static readonly TimeSpan s_back = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private Platform? _platform;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_fleet_goes_through_kills_of_the_platform(Store store)
    {
        Require.StoreServer(store);
        _platform = await Platform.Start(store, broker: false);
        await GoThrough(Soak.Rounds(SuiteRounds), async () =>
        {
            await _platform.Twins.Kill();
            await _platform.StartAgain();
        });
    }

    [Fact]
    public async Task A_fleet_goes_through_a_kill_of_Redis()
    {
        Require.Components(Component.Redis);
        _platform = await Platform.Start(Store.Redis, broker: false);
        await GoThrough(Soak.Rounds(1), async () =>
        {
            await _platform.Redis!.Kill();
            await _platform.Redis.StartAgain();
        });
    }

    /// <summary>
    /// Here the fleet ends while the platform is dead: nobody reports again what was acknowledged and not kept.
    /// </summary>
    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_when_nobody_says_it_again()
    {
        _platform = await Platform.Start(Store.Embedded, broker: false);
        for (var round = 1; round <= Soak.Rounds(2); round++)
        {
            var ledger = _folder.In($"ledger-{round}");
            await using var fleet = StartFleet($"kill-{round}", ledger);
            // Early in one round and late in another.
            await Reports($"kill-{round}", fleet, Random.Shared.Next(1, 20));

            await _platform.Twins.Kill();
            var end = await fleet.Stop();
            await _platform.StartAgain();

            Assert.True((long)end.Json["ledger"]!["acknowledged"]! >= Devices, end.Output);
            await VerifyIsClean(ledger);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            TestOutput.ShowIfFailed(_platform.Twins);
            await _platform.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task GoThrough(int rounds, Func<Task> killAndStart)
    {
        var ledger = _folder.In("ledger");
        await using var fleet = StartFleet("through", ledger);
        for (var round = 0; round < rounds; round++)
        {
            await Reports("through", fleet, Random.Shared.Next(1, 20));
            await killAndStart();
        }

        await Reports("through", fleet, more: 1);
        var end = (await fleet.Stop()).Expect(0);

        Assert.Equal(Devices, (int)end.Json["connected"]!);
        Assert.Equal(0, (int)end.Json["unacknowledged"]!);
        await VerifyIsClean(ledger);
    }

    private Simulator StartFleet(string space, string ledger)
    {
        var file = _folder.In($"{space}.yaml");
        File.WriteAllText(file, $"namespace: {space}\n{ProbeFleet.Changing(Devices)}\n");
        return Simulator.StartFleet(file, _platform!.MqttPort(Link.Gateway), "--ledger", ledger);
    }

    /// <summary>Returns when each device has reported again, and so much later by its own clock.</summary>
    /// <param name="more">Tenths of a second.</param>
    private async Task Reports(string space, Simulator fleet, int more)
    {
        var before = await Counts(space);
        await Eventually.Is(
            async () =>
            {
                Assert.False(fleet.HasExited, fleet.Errors);
                var now = await Counts(space);
                return now.Count(pair => pair.Value >= before.GetValueOrDefault(pair.Key) + more) == Devices;
            },
            "each device to report",
            s_back);
    }

    private async Task<Dictionary<string, double>> Counts(string space)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var number in Enumerable.Range(1, Devices))
        {
            var id = $"{space}:probe-{number}";
            if ((double?)(await _platform!.Rest.Reported(id))?["count"] is { } count)
            {
                counts.Add(id, count);
            }
        }

        return counts;
    }

    private async Task VerifyIsClean(string ledger)
    {
        var report = (await Simulator.Verify(ledger, _platform!)).Expect(0).Json;
        Assert.Equal(Devices, (int)report["twins"]!);
        Assert.True((bool)report["complete"]!);
        Assert.True((int)report["properties"]! >= Devices * ProbeFleet.Properties, $"{report}");
    }
}
