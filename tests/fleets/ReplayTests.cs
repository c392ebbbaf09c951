using System.Globalization;
using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>The simulator replays a recording.</summary>
public sealed class ReplayTests(Platforms platforms) : PlatformTest(platforms)
{
    [Fact]
    public async Task Twins_end_with_the_last_readings_of_a_recording()
    {
        using var folder = new TemporaryFolder();
        var file = folder.In("fifty.csv");
        await File.WriteAllLinesAsync(file, TenOfEach(Repository.Recording("rooms.csv")), TestContext.Current.CancellationToken);
        var platform = await On(Store.Embedded);
        var expected = LastReadings(file);
        Assert.Equal(50, expected.Count);

        await using var simulator = ChildProcess.Start(
            "dotnet",
            [
                Repository.Program("simulators", "Twins.Simulators.dll"), "replay", file, "--speed", "max",
                "--broker", $"mqtt://127.0.0.1:{platform.MqttPort(Link.Gateway)}", "--prefix", "rooms", "--quiet",
            ]);
        var code = await simulator.WaitForExit(TimeSpan.FromMinutes(2));
        Assert.True(code == 0, $"the simulator ended with {code}: {simulator.Output}");

        Assert.Equal(
            expected.Keys.Order(StringComparer.Ordinal),
            (await platform.Rest.TwinIds()).Where(id => id.StartsWith("rooms:", StringComparison.Ordinal)),
            StringComparer.Ordinal);
        foreach (var (id, (temperature, humidity)) in expected)
        {
            var reported = await platform.Rest.Reported(id);
            Assert.Equal(temperature, (double)reported!["temperature"]!);
            Assert.Equal(humidity, (double)reported["humidity"]!);
        }
    }

    /// <summary>Returns the lines of a recording in which ten devices measure the same as each device of the given one.</summary>
    private static IEnumerable<string> TenOfEach(string file) => File.ReadLines(file).SelectMany((line, number) =>
    {
        var cells = line.Split(',');
        return number == 0 ? [line] : Enumerable.Range(0, 10).Select(copy => $"{cells[0]},{cells[1]}-{copy},{cells[2]},{cells[3]}");
    });

    private static Dictionary<string, (double Temperature, double Humidity)> LastReadings(string file)
    {
        var last = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var cells = line.Split(',');
            last[$"rooms:{cells[1]}"] = (double.Parse(cells[2], CultureInfo.InvariantCulture), double.Parse(cells[3], CultureInfo.InvariantCulture));
        }

        return last;
    }
}
