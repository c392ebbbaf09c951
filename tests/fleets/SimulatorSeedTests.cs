using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>The seed decides what devices measure and what faults strike; brokers, machines and moments do not.</summary>
public sealed class SimulatorSeedTests : IDisposable
{
    /// <summary>Whoever is cut off keeps its reports and sends them later: nothing is missing of what the seed gives.</summary>
    private const string Cuts = """
        namespace: cuts
        kinds:
          pump: {extends: pump, count: 10, report: {every: 1s, jitter: 20%}}
          thermostat: {extends: thermostat, count: 10, report: {every: 2s, onChange: true, atLeastEvery: 30s}}
        faults:
          - disconnect: {at: 10s, every: 20s, for: 5s, share: 50%}
          - disconnect: {probability: 2%}
          - stuck: {property: temperature, at: 15s, for: 20s, share: 20%}
        """;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("city.yaml", "--speed", "14400")]
    [InlineData(null, "--speed", "10", "--duration", "1min")]
    public async Task The_same_seed_gives_the_same_ledger_and_another_gives_another(string? example, params string[] pace)
    {
        Require.Components(Component.Mosquitto);
        var file = example is null ? _folder.In("cuts.yaml") : Path.Combine(Simulator.Examples, example);
        if (example is null)
        {
            await File.WriteAllTextAsync(file, Cuts, TestContext.Current.CancellationToken);
        }

        var ends = await Task.WhenAll(Run(file, 42, pace), Run(file, 42, pace), Run(file, 43, pace));

        Assert.All(ends, end => Assert.True((int)end.Json["ledger"]!["acknowledged"]! > 100, end.Output));
        Assert.All(ends, end => Assert.Equal(example is null, (long?)end.Json["faults"]!["disconnect"] > 10));
        Assert.True(ends[0].Digest == ends[1].Digest, $"two runs with the same seed differ:\n{ends[0].Output}\n{ends[0].Errors}\n{ends[1].Output}\n{ends[1].Errors}");
        Assert.NotEqual(ends[0].Digest, ends[2].Digest);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<SimulatorEnd> Run(string file, int seed, string[] pace)
    {
        await using var broker = await MosquittoProcess.Start();
        var end = await Simulator.RunFleet(
            file, broker.Port, ["--seed", $"{seed}", "--ledger", _folder.In($"{Guid.NewGuid():N}"), .. pace]);
        return end.Expect(0);
    }
}
