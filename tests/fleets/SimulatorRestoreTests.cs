using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>A store that is put back to an older state, as after a restored backup, is found out by <c>verify</c>.</summary>
public sealed class SimulatorRestoreTests : IAsyncLifetime
{
    private const int Devices = 5;

    private readonly TemporaryFolder _folder = new();
    private Platform _platform = null!;

    private string Data => _platform.Twins.Settings.DataDirectory;

    public async ValueTask InitializeAsync() => _platform = await Platform.Start(Store.Embedded, broker: false);

    [Fact]
    public async Task Every_twin_of_a_restored_store_is_backwards_once_it_was_seen_and_stale_before()
    {
        var (file, ledger) = (_folder.In("fleet.yaml"), _folder.In("ledger"));
        await File.WriteAllTextAsync(file, $"namespace: restored\n{ProbeFleet.Counting(Devices)}", TestContext.Current.CancellationToken);
        await using (var fleet = Simulator.StartFleet(
            file, _platform.MqttPort(Link.Gateway), "--api", _platform.Twins.Url.ToString(), "--ledger", ledger))
        {
            await GoesOn();
            await _platform.Twins.Kill();
            Copy(Data, _folder.In("backup"));
            await _platform.StartAgain();
            await GoesOn();
            (await fleet.Stop()).Expect(0);
        }

        // One who looks for the first time only after the restore, and one who has looked before.
        File.Copy(ledger, _folder.In("first-look"));
        (await Simulator.Verify(ledger, _platform)).Expect(0);
        await _platform.Twins.Kill();
        Directory.Delete(Data, recursive: true);
        Copy(_folder.In("backup"), Data);
        await _platform.StartAgain();

        Only("stale", await Simulator.Verify(_folder.In("first-look"), _platform));
        Only("backwards", await Simulator.Verify(ledger, _platform));
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

    private static void Only(string verdict, SimulatorEnd end)
    {
        end.Expect(1);
        Assert.All(end.Findings, finding => Assert.Equal(verdict, finding.Verdict));
        Assert.Equal(Devices, end.Findings.Count(finding => finding.Property == "count"));
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Returns when each device is a second further.</summary>
    private async Task GoesOn()
    {
        var least = (await Counts()).Select(count => count + 10).ToArray();
        await Eventually.Is(
            async () => (await Counts()).Zip(least).All(pair => pair.First >= pair.Second), "the fleet to go on", TimeSpan.FromSeconds(60));
    }

    private async Task<double[]> Counts()
    {
        var counts = new double[Devices];
        for (var number = 1; number <= Devices; number++)
        {
            counts[number - 1] = (double?)(await _platform.Rest.Reported($"restored:probe-{number}"))?["count"] ?? -1;
        }

        return counts;
    }
}
