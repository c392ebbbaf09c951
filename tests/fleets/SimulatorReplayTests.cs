using System.Globalization;
using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>The simulator replays what real sensors measured, a thousand times as fast as they did.</summary>
public sealed class SimulatorReplayTests(Platforms platforms) : SimulatorTest(platforms)
{
    private const string Data = "intel-lab/readings.csv";

    /// <summary>Half a day at this speed takes 43 s.</summary>
    private const string From = "2004-03-05T12:00:00Z";

    private static readonly TimeSpan s_real = TimeSpan.FromHours(12) / 1000;

    [Fact]
    public async Task Half_a_day_of_the_lab_at_a_thousand_times_its_speed_ends_as_its_last_readings()
    {
        var file = Repository.SharedData(Data);
        Assert.SkipWhen(file is null, $"the sensor data ../shared/data/{Data} is not beside the repository");
        var platform = await On(Store.Embedded);
        var (expected, readings) = Readings(file!);
        Assert.NotEmpty(expected);
        var ledger = Folder.In("ledger");

        var end = (await Simulator.Run(
            "replay", file!, "--speed", "1000", "--from", From, "--broker", $"mqtt://127.0.0.1:{platform.MqttPort(Link.Gateway)}",
            "--prefix", Namespace, "--ledger", ledger, "--json", "--quiet")).Expect(0).Json;

        Assert.Equal(readings, (int)end["replay"]!["delivered"]!);
        var seconds = (double)end["seconds"]!;
        Assert.True(seconds >= s_real.TotalSeconds * 0.98, $"half a day at a thousand times its speed took {seconds} s");
        (await Simulator.Verify(ledger, platform)).Expect(0);

        var twins = await Twins(platform);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), twins.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, (temperature, humidity)) in expected)
        {
            Assert.Equal(temperature, (double)twins[id]["reported"]!["temperature"]!);
            Assert.Equal(humidity, (double)twins[id]["reported"]!["humidity"]!);
        }
    }

    /// <summary>The last reading of each mote since <see cref="From"/>, and how many there are.</summary>
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
