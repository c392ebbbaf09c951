using System.Diagnostics;
using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Bad questions to the whole fleet: refused within a second, with what is wrong, where, and what would be right.</summary>
public sealed class BadQueryTests(Platforms platforms) : PlatformTest(platforms)
{
    private static readonly TimeSpan s_atOnce = TimeSpan.FromSeconds(1);

    public static TheoryData<string, string, string, string> Queries() => new()
    {
        // route and parameter, its value, the code, and what the sentence says
        { "/twins?filter=", "and(eq(tags/a,1),not(exists(tags/b))", "filter-invalid", "character 37" },
        { "/twins?filter=", "eq(tags/a,1))", "filter-invalid", "character 13" },
        { "/twins/count?filter=", "equals(tags/a,1)", "filter-invalid", "character 1," },
        { "/twins/aggregate?filter=", "eq(colour,1)", "filter-invalid", "character 4," },
        { "/twins/count?filter=", "gt(createdAt,\"yesterday\")", "filter-invalid", "character 14" },
        { "/twins/count?filter=", "10,000 nots", "filter-invalid", "the limit is 4096" },
        { "/twins/count?filter=", "100 nots", "filter-invalid", "more than 32" },
        { "/twins/count?filter=", "1,000 stars", "filter-invalid", "at character" },
        { "/twins?sort=", "reported", "sort-invalid", "character 1," },
        { "/twins?sort=", "tags/a,tags/b,tags/c,tags/d,tags/e", "sort-invalid", "character 29" },
        { "/twins?limit=", "1000000000", "parameter-invalid", "from 1 to 200" },
        { "/twins?filter=exists(tags/a)&limit=", "1000000000", "parameter-invalid", "from 1 to 200" },
        { "/twins?filter=exists(tags/a)&cursor=", "nonsense!", "parameter-invalid", "unchanged" },
        { "/twins/aggregate?group=", "tags", "group-invalid", "character 1," },
        { "/twins/aggregate?measure=", "median(tags/a)", "measure-invalid", "character 1," },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_bad_query_is_refused_with_its_reason(string path, string value, string code, string says)
    {
        var platform = await On(Store.Embedded);

        var answer = await AtOnce(platform, path + Uri.EscapeDataString(Text(value)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(code, (string?)answer.Json!["code"]);
        Assert.Contains(says, (string?)answer.Json["detail"], StringComparison.Ordinal);
        Assert.InRange(answer.Text.Length, 1, 1000);
    }

    [Fact]
    public async Task A_cursor_of_another_query_is_refused()
    {
        var platform = await On(Store.Embedded);
        var run = NewTwinId("cursor");
        await platform.Rest.HasSeen(
        [
            (await platform.Rest.Put($"/twins/{run}-1", $$$"""{"tags":{"run":"{{{run}}}"}}""")).Written(),
            (await platform.Rest.Put($"/twins/{run}-2", $$$"""{"tags":{"run":"{{{run}}}"}}""")).Written(),
        ]);
        var query = $"/twins?filter={Uri.EscapeDataString($"eq(tags/run,\"{run}\")")}&limit=1";
        var cursor = (string)(await platform.Rest.Ask(query))["cursor"]!;

        var answer = await AtOnce(platform, $"{query}&sort=-id&cursor={cursor}");

        Assert.Equal((HttpStatusCode.BadRequest, "cursor-mismatch"), (answer.Status, (string?)answer.Json!["code"]));
        Assert.Contains("another query", (string?)answer.Json["detail"], StringComparison.Ordinal);
        Assert.Equal($"{run}-2", (string?)(await platform.Rest.Ask($"{query}&cursor={cursor}"))["items"]![0]!["id"]);
    }

    [Fact]
    public async Task A_pattern_of_stars_costs_no_more_than_the_text_is_long()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("stars");
        (await platform.Rest.Put($"/twins/{id}", "{}")).Expect(HttpStatusCode.Created);
        await platform.Rest.HasSeen([(await platform.Rest.Put($"/twins/{id}/reported/text", $"\"{new string('a', 60_000)}\"")).Written()]);
        var stars = string.Concat(Enumerable.Repeat("*a", 127));

        var found = await AtOnce(platform, Count($"and(eq(id,\"{id}\"),like(reported/text,\"{stars}\"))"));
        var missed = await AtOnce(platform, Count($"and(eq(id,\"{id}\"),like(reported/text,\"{stars}b\"))"));

        Assert.Equal(1, (int?)found.Expect(HttpStatusCode.OK)!["count"]);
        Assert.Equal(0, (int?)missed.Expect(HttpStatusCode.OK)!["count"]);
    }

    private static string Count(string filter) => "/twins/count?filter=" + Uri.EscapeDataString(filter);

    private static string Text(string name) => name switch
    {
        "10,000 nots" => Nots(10_000),
        "100 nots" => Nots(100),
        "1,000 stars" => $"like(tags/a,\"{string.Concat(Enumerable.Repeat("*a", 1000))}\")",
        _ => name,
    };

    private static string Nots(int depth) => string.Concat(Enumerable.Repeat("not(", depth)) + "exists(tags/a)" + new string(')', depth);

    /// <summary>The machine is busy with other tests: one answer of three in time shows that it is possible.</summary>
    private static async Task<RestAnswer> AtOnce(Platform platform, string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            var watch = Stopwatch.StartNew();
            var answer = await platform.Rest.Get(path);
            if (watch.Elapsed < s_atOnce)
            {
                return answer;
            }

            Assert.True(attempt < 3, $"{path[..Math.Min(path.Length, 100)]} took {watch.Elapsed}");
        }
    }
}
