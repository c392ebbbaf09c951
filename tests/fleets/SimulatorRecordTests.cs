using System.Globalization;
using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>What devices report is recorded, and played again on another platform its twins come to the same.</summary>
public sealed class SimulatorRecordTests(Platforms platforms) : SimulatorTest(platforms)
{
    private const int Devices = 5;

    [Fact]
    public async Task What_is_recorded_on_one_platform_is_replayed_on_another()
    {
        var (from, to) = (await On(Store.Embedded), await On(Store.Redis));
        var file = Folder.In("recording.csv");
        // It ends by itself some time after the fleet: events follow the reports that they tell of.
        await using var recorder = Simulator.Start(
            "record", file, "--broker", $"mqtt://127.0.0.1:{from.MqttPort(Link.Gateway)}", "--source", "events", "--duration", "15s", "--json", "--quiet");

        (await Simulator.RunFleet(Fleet(ProbeFleet.Counting(Devices)), from.MqttPort(Link.Gateway), "--duration", "5s")).Expect(0);
        var recorded = (await recorder.End()).Expect(0).Json;

        Assert.True((int)recorded["devices"]! >= Devices, $"{recorded}");
        OnlyOurs(file);
        (await Simulator.Run("replay", file, "--speed", "max", "--broker", $"mqtt://127.0.0.1:{to.MqttPort(Link.Gateway)}", "--quiet")).Expect(0);

        var expected = await Twins(from);
        var replayed = await Twins(to);
        Assert.Equal(Devices, expected.Count);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), replayed.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, twin) in expected)
        {
            foreach (var property in new[] { "count", "mode" })
            {
                Json.AssertEqual(twin["reported"]![property]!.ToJsonString(), replayed[id]["reported"]![property]);
            }
        }
    }

    /// <summary>Other tests have devices on the same platform; takes them out of the recording.</summary>
    private void OnlyOurs(string file)
    {
        var lines = File.ReadAllLines(file);
        var device = lines[0].Split(',').IndexOf("device");
        var ours = lines.Skip(1).Where(line => line.Contains($"{Namespace}:", StringComparison.Ordinal)).ToList();
        Assert.True(device >= 0 && ours.Count > Devices, string.Create(CultureInfo.InvariantCulture, $"{ours.Count} of ours were recorded: {lines[0]}"));
        File.WriteAllLines(file, [lines[0], .. ours]);
    }
}
