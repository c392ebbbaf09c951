using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>Fleet files as people write them, with their mistakes, before and without anything that connects.</summary>
public sealed class SimulatorFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public async Task A_mistake_in_a_file_is_said_with_file_and_line_before_anything_connects(string command)
    {
        var file = Write("""
            namespace: plant
            kinds:
              pump:
                report: 10s
                propertys:
                  flow: 3
            """);

        // Nothing listens there: whoever connected would say so.
        var broker = command == "run" ? new[] { "--broker", $"mqtt://127.0.0.1:{Loopback.FreePort()}" } : [];
        var end = (await Simulator.Run([command, file, .. broker])).Expect(2);

        var line = Assert.Single(end.Errors.Split('\n'), line => line.Length > 0);
        Assert.StartsWith("fleet.yaml, line 5:", line, StringComparison.Ordinal);
        Assert.Contains("propertys", line, StringComparison.Ordinal);
        Assert.Contains("properties", line, StringComparison.Ordinal);
        Assert.Empty(end.Output);
    }

    [Fact]
    public async Task A_recorded_file_with_a_bad_number_is_said_with_file_and_line()
    {
        var file = _folder.In("readings.csv");
        await File.WriteAllLinesAsync(
            file,
            ["time,device,temperature", .. Enumerable.Range(0, 9_000).Select(row => $"{row},a,{(row == 7_310 ? "2O.5" : "20.5")}")],
            TestContext.Current.CancellationToken);
        var fleet = Write("""
            kinds:
              room:
                properties:
                  temperature:
                    recorded: {file: readings.csv, column: temperature}
            """);

        var end = (await Simulator.Run("check", fleet)).Expect(2);

        var line = Assert.Single(end.Errors.Split('\n'), line => line.Length > 0);
        Assert.Contains("readings.csv", line, StringComparison.Ordinal);
        Assert.Contains("7312", line.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("2O.5", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pump")]
    [InlineData("parking")]
    public async Task A_kind_of_the_library_is_a_file_that_runs(string kind)
    {
        Require.Components(Component.Mosquitto);
        await using var broker = await MosquittoProcess.Start();
        Assert.Contains(kind, (await Simulator.Run("kinds")).Expect(0).Output, StringComparison.Ordinal);
        var file = Write((await Simulator.Run("kinds", kind)).Expect(0).Output);

        var end = await Simulator.RunFleet(file, broker.Port, "--speed", "60", "--duration", "1min");

        end.Expect(0);
        Assert.True((int)end.Json["acknowledged"]! >= (int)end.Json["devices"]!, end.Output);
    }

    [Fact]
    public async Task A_kind_that_does_not_exist_is_answered_with_those_that_do()
    {
        var end = (await Simulator.Run("kinds", "pmup")).Expect(2);
        Assert.Contains("pump", Assert.Single(end.Errors.Split('\n'), line => line.Length > 0), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string yaml)
    {
        var path = _folder.In("fleet.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
