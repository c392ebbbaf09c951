using System.Text.RegularExpressions;
using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary>Every example does what it is there to show: it runs against the platform, and the platform has what its devices said.</summary>
public sealed partial class SimulatorExampleTests(Platforms platforms) : SimulatorTest(platforms)
{
    /// <summary>Every example, so that one that is added is tested too; the one with all that can go wrong on Redis as well.</summary>
    public static TheoryData<string, Store> ExamplesAndStores() =>
        [.. SimulatorExamples.All.Select(example => (example, Store.Embedded)), ("storm.yaml", Store.Redis)];

    [Theory]
    [MemberData(nameof(ExamplesAndStores))]
    public async Task An_example_runs_and_the_platform_has_what_its_devices_said(string example, Store store)
    {
        var platform = await On(store);
        var file = Path.Combine(Simulator.Examples, example);
        var (ledger, page) = (Folder.In("ledger"), Folder.In("report.html"));

        var end = await Simulator.RunFleet(
            file,
            platform.MqttPort(Link.Gateway),
            ["--api", platform.Twins.Url.ToString(), "--ledger", ledger, "--report", page, .. SimulatorExamples.Pace(example)]);

        end.Expect(0);
        var devices = (int)end.Json["devices"]!;
        Assert.Equal(devices, (int)end.Json["connected"]!);
        Assert.True((int)end.Json["ledger"]!["acknowledged"]! > devices, $"few reports were acknowledged: {end.Output}");

        var verified = (await Simulator.Verify(ledger, platform, "--wait", "30s")).Expect(0).Json;
        Assert.Equal(devices, (int)verified["twins"]!);
        Assert.True((bool)verified["complete"]!);
        Assert.Equal(end.Digest, (string)verified["digest"]!);

        var html = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        Assert.StartsWith("<!doctype html>", html, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("</main>", html.TrimEnd(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<svg", html, StringComparison.Ordinal);

        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var twins = await Twins(platform, NamespaceLine().Match(text).Groups["name"].Value);
        Assert.Equal(devices, twins.Count);
        Assert.Equal(
            text.Contains("tags:", StringComparison.Ordinal),
            twins.Values.Any(twin => twin["tags"]?.AsObject().Count > 0));
    }

    [GeneratedRegex(@"^namespace:\s*(?<name>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceLine();
}
