using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The whole fleet is asked over REST: what is found is what was written, at once, and after a crash.</summary>
public sealed class FleetQueryTests(Platforms platforms) : PlatformTest(platforms)
{
    private const int Twins = 60;

    private static readonly string[] s_sites = ["antwerp", "hamburg", "rotterdam"];

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task A_query_with_the_token_of_a_write_has_seen_it(Store store)
    {
        var platform = await On(store);
        var id = NewTwinId("token");
        var token = (await platform.Rest.Put($"/twins/{id}", """{"tags":{"n":-1}}""")).Written();
        for (var n = 0; n < 30; n++)
        {
            Assert.Equal(1, await platform.Rest.Count($"and(eq(id,\"{id}\"),eq(tags/n,{n - 1}))", token));
            token = (await platform.Rest.Put($"/twins/{id}/tags/n", $"{n}")).Written();
            var found = await platform.Rest.Ask($"/twins?filter={Uri.EscapeDataString($"and(eq(id,\"{id}\"),eq(tags/n,{n}))")}", token);
            Assert.Equal(n, (int?)Assert.Single(found["items"]!.AsArray())!["tags"]!["n"]);
        }

        token = (await platform.Rest.Delete($"/twins/{id}")).Written();
        Assert.Equal(0, await platform.Rest.Count($"eq(id,\"{id}\")", token));
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task What_is_found_counted_and_added_up_is_what_one_would_compute(Store store)
    {
        var platform = await On(store);
        var run = NewTwinId("run");
        await WriteFleet(platform, run);

        await AnswersAreRight(platform, run);
    }

    [Fact]
    public async Task The_answers_are_the_same_after_a_crash()
    {
        var platform = Ours(await Platform.Start(Store.Embedded, broker: false));
        var run = NewTwinId("run");
        await WriteFleet(platform, run);
        await AnswersAreRight(platform, run);
        for (var crash = 0; crash < 2; crash++)
        {
            await platform.Twins.Kill();
            await platform.StartAgain();

            await AnswersAreRight(platform, run);
        }

        // And the index goes on from there.
        var token = (await platform.Rest.Delete($"/twins/{run}-00")).Written();
        Assert.Equal(Twins - 1, await platform.Rest.Count($"eq(tags/run,\"{run}\")", token));
    }

    [Theory]
    [InlineData(Store.Embedded)]
    [InlineData(Store.Redis)]
    public async Task Devices_are_found_by_whether_they_are_there_and_what_they_say(Store store)
    {
        var platform = await On(store);
        var id = NewTwinId("device");
        var online = $"and(eq(id,\"{id}\"),eq(connection/status,\"online\"),gt(reported/motor/rpm,1400),gt(connection/lastSeen,time:now-1h))";
        var device = await ConnectDevice(platform, Link.Gateway, id);
        await device.Publish($"twins/{id}/reported/motor/rpm", "1450");
        await Eventually.Is(async () => await platform.Rest.Count(online) == 1, "the device to be found");

        await device.Disconnect();

        await Eventually.Is(async () => await platform.Rest.Count(online) == 0, "the device to be offline");
        Assert.Equal(1, await platform.Rest.Count($"and(eq(id,\"{id}\"),eq(connection/status,\"offline\"),exists(metadata/reported/motor/rpm/at))"));
    }

    /// <summary>Every third of a site, every second without a line, temperatures that repeat.</summary>
    private static async Task WriteFleet(Platform platform, string run)
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, Twins).Select(async i =>
        {
            var line = i % 2 == 0 ? $$""","line":{{i % 5}}""" : "";
            (await platform.Rest.Put($"/twins/{Id(run, i)}", $$$"""{"tags":{"run":"{{{run}}}","site":"{{{Site(i)}}}"{{{line}}}}}""")).Expect(HttpStatusCode.Created);
            return (await platform.Rest.Put($"/twins/{Id(run, i)}/reported", $$"""{"temp":{{Temp(i)}}}""")).Written();
        }));
        await platform.Rest.HasSeen(tokens);
    }

    private static async Task AnswersAreRight(Platform platform, string run)
    {
        var all = Enumerable.Range(0, Twins);
        var ours = $"eq(tags/run,\"{run}\")";

        // Down by line, what has none last; up by temperature; then by id.
        Assert.Equal(
            all.OrderByDescending(i => i % 2 == 0 ? i % 5 : -1).ThenBy(Temp).Select(i => Id(run, i)),
            await platform.Rest.Find(ours, "-tags/line,+reported/temp", limit: 7));
        Assert.Equal(
            all.Where(i => Site(i) != "hamburg" && Temp(i) >= 4).Select(i => Id(run, i)),
            await platform.Rest.Find($"and({ours},in(tags/site,\"antwerp\",\"rotterdam\"),ge(reported/temp,4))", "", limit: 10));
        Assert.Equal(
            all.Where(i => i % 2 != 0 || Site(i) == "rotterdam").OrderByDescending(Site, StringComparer.Ordinal).ThenBy(i => i).Select(i => Id(run, i)),
            await platform.Rest.Find($"and({ours},or(not(exists(tags/line)),like(tags/site,\"rot*\")))", "-tags/site", limit: 200));

        Assert.Equal(Twins, await platform.Rest.Count(ours));
        Assert.Equal(all.Count(i => Temp(i) < 2), await platform.Rest.Count($"and({ours},lt(reported/temp,2))"));

        var groups = (await platform.Rest.Ask(
            $"/twins/aggregate?filter={Uri.EscapeDataString(ours)}&group=tags/site&measure=count,count(tags/line),sum(reported/temp),avg(reported/temp),min(reported/temp),max(reported/temp)"))["groups"]!.AsArray();
        Assert.Equal(s_sites, groups.Select(group => (string)group!["group"]!["tags/site"]!));
        foreach (var group in groups)
        {
            var ofSite = all.Where(i => Site(i) == (string)group!["group"]!["tags/site"]!).ToArray();
            IsMeasured(group!, "count", ofSite.Length);
            IsMeasured(group!, "count(tags/line)", ofSite.Count(i => i % 2 == 0));
            IsMeasured(group!, "sum(reported/temp)", ofSite.Sum(Temp));
            IsMeasured(group!, "avg(reported/temp)", ofSite.Average(Temp));
            IsMeasured(group!, "min(reported/temp)", ofSite.Min(Temp));
            IsMeasured(group!, "max(reported/temp)", ofSite.Max(Temp));
        }
    }

    private static void IsMeasured(JsonNode group, string measure, double value) =>
        Assert.Equal(value, (double)group["measures"]![measure]!, tolerance: 1e-9);

    private static string Id(string run, int i) => $"{run}-{i:d2}";

    private static string Site(int i) => s_sites[i % s_sites.Length];

    // Halves and quarters: their sums are exact.
    private static double Temp(int i) => i % 11 * 0.75;
}
