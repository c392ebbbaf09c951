using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>The index of a cluster: spread over its silos, and whole again after one was killed.</summary>
public sealed class FleetClusterTests : OwningTest
{
    private const int Twins = 200;

    private Cluster _cluster = null!;

    public override async ValueTask InitializeAsync()
    {
        Require.Components(Component.Redis);
        _cluster = Ours(await Cluster.Start(silos: 3));
    }

    [Fact]
    public async Task A_silo_that_is_killed_takes_no_answer_with_it()
    {
        await Task.WhenAll(Enumerable.Range(0, Twins).Select(i => _cluster.Rest.Put($"/twins/fleet:{i}", $$$"""{"tags":{"half":{{{i % 2}}}}}""")));
        await Eventually.Passes(async () => Assert.Equal(Twins / 2, await Count("eq(tags/half,1)")));

        var tokens = new System.Collections.Concurrent.ConcurrentDictionary<int, string>();
        var writing = Task.WhenAll(Enumerable.Range(0, Twins).Select(async i =>
        {
            // Until it is acknowledged: what was in the memory of the silo that dies is written by somebody else.
            await Eventually.Passes(async () => tokens[i] = (await _cluster.Rest.Patch($"/twins/fleet:{i}", """{"tags":{"half":2}}""")).Written());
        }));
        await _cluster.A.Kill();
        await writing;

        // Who was told that a write is done sees it, or is refused; 16 tokens at a time.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in Enumerable.Range(0, Twins).Chunk(16))
        {
            var filter = $"and(eq(tags/half,2),in(id,{string.Join(',', some.Select(i => $"\"fleet:{i}\""))}))";
            var answer = await _cluster.Rest.Get("/twins/count?filter=" + Uri.EscapeDataString(filter), ("Revision-Token", string.Join(',', some.Select(i => tokens[i]))));
            seen.Add(answer.Status == HttpStatusCode.OK ? $"{(int)answer.Json!["count"]! - some.Length} missing" : $"{answer.Status}");
        }

        Assert.Subset(new HashSet<string>(StringComparer.Ordinal) { "0 missing", $"{HttpStatusCode.ServiceUnavailable}" }, seen);

        // Whole, or refused with how far it is: never a part.
        var answers = new HashSet<string>(StringComparer.Ordinal);
        await Eventually.Passes(
            async () =>
            {
                var all = await _cluster.Rest.Get("/twins/count?filter=" + Uri.EscapeDataString("exists(tags/half)"));
                answers.Add(all.Status == HttpStatusCode.OK ? all.Text : $"{all.Status}");
                Assert.Equal(Twins, await Count("eq(tags/half,2)"));
            },
            TimeSpan.FromSeconds(30));
        Assert.Subset(new HashSet<string>(StringComparer.Ordinal) { $$"""{"count":{{Twins}}}""", $"{HttpStatusCode.ServiceUnavailable}" }, answers);
    }

    [Fact]
    public async Task Silos_that_join_get_their_part_of_the_index()
    {
        await Task.WhenAll(Enumerable.Range(0, Twins).Select(i => _cluster.Rest.Put($"/twins/fleet:{i}", $$$"""{"tags":{"n":{{{i}}}}}""")));
        await Eventually.Passes(async () => Assert.Equal(Twins, await Count("exists(tags/n)")));

        // Partitions are where they came up first; when nobody has come or gone for a while they are dealt out.
        var joined = _cluster.Launch();
        await joined.IsReady();
        await Eventually.Passes(
            async () => Assert.All(await Task.WhenAll(_cluster.Silos.Select(Held)), held => Assert.InRange(held, Twins / 8, Twins / 3)),
            TimeSpan.FromSeconds(90));
        Assert.Equal(Twins, await Count("exists(tags/n)"));
    }

    /// <summary>How many twins the partitions of a silo have.</summary>
    private static async Task<int> Held(SiloProcess silo)
    {
        using var http = new HttpClient { BaseAddress = silo.Url };
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var line = metrics.Split('\n').First(line => line.StartsWith("twins_fleet_indexed", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<int> Count(string filter) =>
        (int)(await _cluster.Rest.Get("/twins/count?filter=" + Uri.EscapeDataString(filter))).Expect(HttpStatusCode.OK)!["count"]!;
}
