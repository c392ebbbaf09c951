using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.Fleets.Tests;

/// <summary><c>verify</c> finds the damage that is done to twins, names the twin, and names no other.</summary>
public sealed class SimulatorVerifyTests(Platforms platforms) : SimulatorTest(platforms)
{
    private const int Devices = 5;

    private string Ledger => Folder.In("ledger");

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task Damage_that_is_done_to_twins_is_found(Store store)
    {
        var platform = await On(store);
        var early = await RunFleet(platform);
        var (lost, wrong, stale, gone) = (Id(1), Id(2), Id(3), Id(4));

        await Delete(platform, $"/twins/{lost}");
        await Report(platform, wrong, """{"mode":"broken"}""");
        await Report(platform, stale, $$"""{"count":{{early[stale]["count"]!.ToJsonString()}}}""");
        await Delete(platform, $"/twins/{gone}/reported/count");

        var end = await Simulator.Verify(Ledger, platform);
        end.Expect(1);
        Assert.Equal(
            [("lost", lost, null), ("lost", gone, "count"), ("stale", stale, "count"), ("wrong", wrong, "mode")],
            end.Findings.OrderBy(finding => finding.Verdict, StringComparer.Ordinal).ThenBy(finding => finding.Twin, StringComparer.Ordinal));
        Assert.Equal((2, 1, 1, 0), Counts(end.Json));

        var table = (await Simulator.Run("verify", Ledger, "--api", platform.Twins.Url.ToString())).Expect(1).Output;
        Assert.All([lost, wrong, stale, gone], id => Assert.Contains(id, table, StringComparison.Ordinal));
        Assert.DoesNotContain(Id(5), table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_twin_that_goes_back_behind_what_was_seen_is_found(Store store)
    {
        var platform = await On(store);
        var early = await RunFleet(platform);
        (await Simulator.Verify(Ledger, platform)).Expect(0);

        await Report(platform, Id(1), $$"""{"count":{{early[Id(1)]["count"]!.ToJsonString()}}}""");

        var end = (await Simulator.Verify(Ledger, platform)).Expect(1);
        Assert.Equal([("backwards", Id(1), "count")], end.Findings);
        Assert.Equal((0, 0, 0, 1), Counts(end.Json));
    }

    [Fact]
    public async Task A_platform_that_is_not_there_is_not_a_damage()
    {
        var platform = await On(Store.Embedded);
        await RunFleet(platform);

        var end = await Simulator.Run("verify", Ledger, "--api", $"http://127.0.0.1:{Loopback.FreePort()}", "--json");

        end.Expect(2);
        Assert.Empty(end.Output);
        Assert.Single(end.Errors.Split('\n'));
    }

    [Fact]
    public async Task The_tags_of_a_fleet_are_on_its_twins()
    {
        var platform = await On(Store.Embedded);
        await RunFleet(platform);

        foreach (var number in Enumerable.Range(1, Devices))
        {
            var line = number % 2 == 1 ? "a" : "b";
            Json.AssertEqual($$"""{"line":"{{line}}","label":"Probe {{number}}"}""", (await platform.Rest.Twin(Id(number)))["tags"]);
        }
    }

    private static (int Lost, int Stale, int Wrong, int Backwards) Counts(JsonNode report) =>
        ((int)report["lost"]!, (int)report["stale"]!, (int)report["wrong"]!, (int)report["backwards"]!);

    private static async Task Delete(Platform platform, string path) =>
        Assert.Contains((await platform.Rest.Delete(path)).Status, new[] { HttpStatusCode.OK, HttpStatusCode.NoContent });

    private static async Task Report(Platform platform, string id, string patch) =>
        (await platform.Rest.Patch($"/twins/{id}/reported", patch)).Expect(HttpStatusCode.OK);

    private string Id(int number) => $"{Namespace}:probe-{number}";

    /// <summary>Runs a fleet to its end; returns what its twins said when it had just begun.</summary>
    private async Task<IReadOnlyDictionary<string, JsonNode>> RunFleet(Platform platform)
    {
        var early = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        await using var fleet = Simulator.StartFleet(
            Fleet(ProbeFleet.Counting(Devices)),
            platform.MqttPort(Link.Gateway),
            "--api", platform.Twins.Url.ToString(), "--ledger", Ledger);
        await Eventually.Passes(async () =>
        {
            Assert.False(fleet.HasExited, fleet.Errors);
            foreach (var number in Enumerable.Range(1, Devices))
            {
                early[Id(number)] = (await platform.Rest.Reported(Id(number)))!;
                Assert.NotNull(early[Id(number)]["count"]);
            }
        });
        await Eventually.Is(
            async () => (double)(await platform.Rest.Reported(Id(1)))!["count"]! > (double)early[Id(1)]["count"]! + 10, "the fleet to go on");
        (await fleet.Stop()).Expect(0);
        return early;
    }
}
