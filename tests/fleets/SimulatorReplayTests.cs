using System.Globalization;
using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>The simulator replays half a day of a recording at five thousand times its speed.</summary>
public sealed class SimulatorReplayTests(Platforms platforms) : SimulatorTest(platforms)
{
    private const int Speed = 5_000;

    /// <summary>The recording ends twelve hours later.</summary>
    private const string From = "2025-03-03T12:00:00Z";

    private static readonly TimeSpan s_expected = TimeSpan.FromHours(12) / Speed;

    [Fact]
    public async Task Replay_at_a_speed_takes_its_time_and_loses_nothing()
    {
        var file = Repository.Recording("rooms.csv");
        var platform = await On(Store.Embedded);
        var (expected, readings) = Readings(file);
        Assert.NotEmpty(expected);
        var ledger = Folder.In("ledger");

        var end = (await Simulator.Run(
            "replay", file, "--speed", $"{Speed}", "--from", From, "--broker", $"mqtt://127.0.0.1:{platform.MqttPort(Link.Gateway)}",
            "--prefix", Namespace, "--ledger", ledger, "--json", "--quiet")).Expect(0).Json;

        Assert.Equal(readings, (int)end["replay"]!["delivered"]!);
        var seconds = (double)end["seconds"]!;
        Assert.True(seconds >= s_expected.TotalSeconds * 0.98, $"twelve hours at {Speed} times their speed took {seconds} s");
        (await Simulator.Verify(ledger, platform)).Expect(0);

        var twins = await Twins(platform);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), twins.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, (temperature, humidity)) in expected)
        {
            Assert.Equal(temperature, (double)twins[id]["reported"]!["temperature"]!);
            Assert.Equal(humidity, (double)twins[id]["reported"]!["humidity"]!);
        }
    }

    /// <summary>Returns the last reading of each device since <see cref="From"/>, and the number of readings.</summary>
    private (Dictionary<string, (double Temperature, double Humidity)> Last, int Count) Readings(string file)
    {
        var last = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        var count = 0;
        foreach (var cells in File.ReadLines(file).Skip(1).Select(line => line.Split(',')))
        {
            // All have the same form, in which order in time is order in text.
            if (string.CompareOrdinal(cells[0], From) >= 0)
            {
                last[$"{Namespace}:{cells[1]}"] = (Number(cells[2]), Number(cells[3]));
                count++;
            }
        }

        return (last, count);
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
