using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Api.Tests;

public sealed class FleetQueryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly ApiFixture _api;
    private readonly ApiClient _client;

    public FleetQueryTests()
    {
        _api = new ApiFixture(_time);
        _client = _api.Client;
    }

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task A_filter_and_a_sort_are_paged_to_the_end()
    {
        SeedPumps(40);
        var expected = Enumerable.Range(0, 40).Where(i => i % 2 == 0).OrderBy(i => i % 3).ThenByDescending(i => i % 7).ThenBy(Id, StringComparer.Ordinal).Select(Id);

        var found = await Pages($"/twins?filter={Escape("eq(tags/even,true)")}&sort=tags/line,-reported/temp&limit=7&fields=id");

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task A_filter_alone_finds_in_the_order_of_ids()
    {
        SeedPumps(30);

        Assert.Equal(Enumerable.Range(0, 30).Where(i => i % 3 == 1).Select(Id), await Pages($"/twins?filter={Escape("eq(tags/line,1)")}&limit=4"));
        Assert.Null(_api.Grains.Fleet.LastQuery!.Sort);
    }

    [Theory]
    [InlineData("sort=%2Btags/line,-reported/temp")]
    [InlineData("sort=+tags/line,-reported/temp")]
    [InlineData("sort=tags/line&sort=-reported/temp")]
    public async Task A_plus_need_not_be_escaped_for_what_it_says(string sort)
    {
        SeedPumps(20);

        Assert.Equal(await Pages("/twins?sort=tags/line,-reported/temp"), await Pages("/twins?" + sort));
    }

    [Theory]
    [InlineData("")]
    [InlineData("filter=&sort=")]
    public async Task Without_either_twins_are_read_from_themselves(string query)
    {
        SeedPumps(3);
        _api.Grains.Fleet.IndexFailure = new IndexRebuildingException(0, 32, 0);

        Assert.Equal(Enumerable.Range(0, 3).Select(Id), await Pages("/twins?limit=2&" + query));
    }

    [Fact]
    public async Task Relative_times_mean_the_same_on_all_pages()
    {
        SeedPumps(4);
        var first = _time.GetUtcNow();
        var url = $"/twins?filter={Escape("""or(exists(tags/line),stale(reported/temp,"10m"))""")}&limit=2";
        var page = (await _client.Get(url)).Is(200);
        Assert.Equal(first, _api.Grains.Fleet.LastQuery!.Now);
        _time.Advance(TimeSpan.FromHours(1));

        (await _client.Get($"{url}&cursor={page.Json["cursor"]}")).Is(200);

        Assert.Equal(first, _api.Grains.Fleet.LastQuery.Now);
        Assert.Equal(Id(1), _api.Grains.Fleet.LastQuery.After!.Id);
    }

    [Fact]
    public async Task A_place_survives_whatever_it_was_sorted_by()
    {
        string[] values = ["true", "false", "0", "-0.5", "1e300", "0.1", "\"\"", "\"é😀\\u0000\"", "{\"a\":1}", "[1]", $"\"{new string('x', 4000)}\""];
        for (var i = 0; i < values.Length; i++)
        {
            _api.Grains.Seed(Id(i), $$"""{"v":{{values[i]}}}""");
        }

        _api.Grains.Seed(Id(values.Length));

        var up = await Pages("/twins?sort=reported/v&limit=1&fields=id");
        var down = await Pages("/twins?sort=-reported/v&limit=1&fields=id");

        Assert.Equal(await Pages("/twins?sort=reported/v"), up);
        Assert.Equal(await Pages("/twins?sort=-reported/v"), down);
        Assert.Equal(values.Length + 1, up.Distinct().Count());
        Assert.Equal(Id(values.Length), up[^1]);
        Assert.Equal(Id(values.Length), down[^1]);
    }

    [Fact]
    public async Task Cursor_keeps_integers_that_are_no_doubles()
    {
        for (var i = 0; i < 9; i++)
        {
            _api.Grains.Seed(Id(i), $$"""{"n":890150000000000000{{9 - i}}}""");
        }

        string[] down = [.. Enumerable.Range(0, 9).Select(Id)];
        Assert.Equal(down, await Pages("/twins?sort=-reported/n&limit=1"));
        Assert.Equal(down.Reverse(), await Pages("/twins?sort=reported/n&limit=2"));
    }

    [Fact]
    public async Task A_cursor_takes_the_longest_texts_there_are()
    {
        // As long in bytes as 256 characters can be, and many more behind them.
        var text = string.Concat(Enumerable.Repeat("😀", 4000));
        for (var i = 0; i < 3; i++)
        {
            _api.Grains.Seed(Id(i), $$"""{"a":"{{text}}","b":"{{text}}","c":"{{text}}","d":"{{text}}{{9 - i}}"}""");
        }

        var cursor = await Cursor("/twins?sort=reported/a,reported/b,reported/c,reported/d&limit=1");

        Assert.InRange(cursor.Length, 4 * 1024, 8 * 1024);
        Assert.Equal([Id(0), Id(1), Id(2)], await Pages("/twins?sort=reported/a,reported/b,reported/c,reported/d&limit=1"));
    }

    [Fact]
    public async Task A_cursor_goes_with_its_query_only()
    {
        SeedPumps(10);
        var ofQuery = await Cursor($"/twins?filter={Escape("exists(tags/line)")}&sort=tags/line&limit=1");
        var ofList = await Cursor("/twins?limit=1");
        foreach (var url in new[]
        {
            $"/twins?cursor={ofQuery}",
            $"/twins?sort=tags/line&cursor={ofQuery}",
            $"/twins?filter={Escape("exists(tags/line)")}&cursor={ofQuery}",
            $"/twins?filter={Escape("exists(tags/line)")}&sort=-tags/line&cursor={ofQuery}",
            $"/twins?filter={Escape("exists(tags/even)")}&sort=tags/line&cursor={ofQuery}",
            $"/twins?filter={Escape("exists(tags/line)")}&sort=tags/line&cursor={ofList}",
            $"/deadletters?cursor={ofQuery}",
        })
        {
            var detail = (await _client.Get(url)).IsProblem(400, "cursor-mismatch");
            Assert.Contains("the filter and the sort of the page that gave it", detail, StringComparison.Ordinal);
        }

        (await _client.Get($"/twins?filter={Escape("exists(tags/line)")}&sort=tags/line&limit=200&cursor={ofQuery}")).Is(200);
    }

    [Theory]
    [InlineData("eq(tags/site,\"rotterdam\"", "filter-invalid", "character 25,")]
    [InlineData("equals(tags/site,1)", "filter-invalid", "character 1,")]
    [InlineData("eq(colour,1)", "filter-invalid", "character 4,")]
    [InlineData("and(eq(tags/a,1)", "filter-invalid", "character 17,")]
    [InlineData("eq(tags/a,1))", "filter-invalid", "character 13,")]
    public async Task A_bad_filter_is_told_with_its_place(string filter, string code, string place)
    {
        foreach (var route in new[] { "/twins", "/twins/count", "/twins/aggregate" })
        {
            Assert.Contains(place, (await _client.Get($"{route}?filter={Escape(filter)}")).IsProblem(400, code), StringComparison.Ordinal);
        }

        Assert.Equal(0, _api.Grains.Fleet.Asked);
    }

    [Theory]
    [InlineData("/twins?sort=a,b,c", "sort-invalid")]
    [InlineData("/twins?sort=tags/a,tags/b,tags/c,tags/d,tags/e", "sort-invalid")]
    [InlineData("/twins?sort=tags/a&limit=1000000000", "parameter-invalid")]
    [InlineData("/twins?sort=tags/a&limit=0", "parameter-invalid")]
    [InlineData("/twins?sort=tags/a&fields=//", "fields-invalid")]
    [InlineData("/twins?sort=tags/a&cursor=!", "parameter-invalid")]
    public async Task Other_parameters_are_checked_before_anything_is_asked(string url, string code)
    {
        (await _client.Get(url)).IsProblem(400, code);

        Assert.Equal(0, _api.Grains.Fleet.Asked);
    }

    [Fact]
    public async Task A_filter_as_long_as_any_can_be_is_taken_and_a_longer_one_refused_in_words()
    {
        SeedPumps(1);
        var longest = $"eq(tags/line,\"{new string('é', Rql.MaxCharacters - 16)}\")";

        (await _client.Get("/twins/count?filter=" + Escape(longest))).Is(200);
        var detail = (await _client.Get("/twins/count?filter=" + Escape(Nots(10_000)))).IsProblem(400, "filter-invalid");
        Assert.Contains("the limit is 4096", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twins_are_counted()
    {
        SeedPumps(10);

        Assert.Equal("""{"count":10}""", (await _client.Get("/twins/count")).Is(200).Body);
        Assert.Equal("""{"count":10}""", (await _client.Get("/twins/count?filter=")).Is(200).Body);
        Assert.Equal("""{"count":5}""", (await _client.Get($"/twins/count?filter={Escape("eq(tags/even,true)")}")).Is(200).Body);
        (await _client.Send(HttpMethod.Head, "/twins/count", (string?)null, null)).Is(200);
    }

    [Theory]
    [InlineData("count")]
    [InlineData("aggregate")]
    public async Task A_twin_with_the_name_of_a_question_is_written_and_read_beside_it(string id)
    {
        (await _client.Put($"/twins/{id}", """{"tags":{"a":1}}""")).Is(201);
        (await _client.Patch($"/twins/{id}", """{"tags":{"b":2}}""")).Is(200);

        Assert.Equal("""{"a":1,"b":2}""", (await _client.Get($"/twins/{id}/tags")).Is(200).Body);
        Assert.Equal(id, Assert.Single(await Pages($"/twins?filter={Escape($"eq(id,\"{id}\")")}")));
        Assert.Equal("DELETE, GET, HEAD, PATCH, PUT", (await _client.Post($"/twins/{id}", "{}")).Is(405).Header("Allow"));
        (await _client.Delete($"/twins/{id}")).Is(204);
    }

    [Theory]
    [InlineData("/twins?sort=tags/a")]
    [InlineData("/twins/count")]
    [InlineData("/twins/aggregate")]
    public async Task An_index_that_is_not_complete_says_how_far_it_is_and_is_asked_once(string url)
    {
        _api.Grains.Fleet.IndexFailure = new IndexRebuildingException(12, 32, 20_480);

        var answer = await _client.Get(url);

        var detail = answer.IsProblem(503, "index-rebuilding", retryAfter: 2);
        Assert.Contains("12 of 32", detail, StringComparison.Ordinal);
        Assert.Equal((12, 32, 20_480), ((int?)answer.Json["ready"], (int?)answer.Json["partitions"], (int?)answer.Json["twins"]));
        Assert.Equal(1, _api.Grains.Fleet.Asked);
    }

    [Fact]
    public async Task A_filter_that_takes_too_long_is_told_the_remedy()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        _api.Grains.Fleet.IndexFailure = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(new FilterTooSlowException(TimeSpan.FromSeconds(1))));

        foreach (var url in new[] { "/twins?sort=tags/a", "/twins/count", "/twins/aggregate", "/twins/watch" })
        {
            var detail = (await _client.Get(url)).IsProblem(400, "filter-too-slow");
            Assert.Contains("takes more than 1 s of a partition of the fleet index; ask with fewer conditions on texts", detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void How_far_the_index_is_survives_the_way_between_processes()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        var exception = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(new IndexRebuildingException(12, 32, 20_480)));

        var rebuilding = Assert.IsType<IndexRebuildingException>(exception);
        Assert.Equal((12, 32, 20_480), (rebuilding.Ready, rebuilding.Partitions, rebuilding.Twins));
        Assert.Contains("12 of 32", rebuilding.Message, StringComparison.Ordinal);
    }

    private static string Nots(int depth) => string.Concat(Enumerable.Repeat("not(", depth)) + "exists(tags/a)" + new string(')', depth);

    private static string Id(int i) => $"fleet:{i:d3}";

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private void SeedPumps(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _api.Grains.Seed(Id(i), $$"""{"temp":{{i % 7}}}""", "{}", $$"""{"line":{{i % 3}},"even":{{(i % 2 == 0 ? "true" : "false")}}}""");
        }
    }

    private async Task<string> Cursor(string url) => (string)(await _client.Get(url)).Is(200).Json["cursor"]!;

    private async Task<List<string>> Pages(string url)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _client.Get(cursor is null ? url : $"{url}&cursor={cursor}")).Is(200).Json;
            ids.AddRange(page["items"]!.AsArray().Select(item => (string)item!["id"]!));
            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);
        return ids;
    }

    [Fact]
    public async Task Without_an_index_queries_say_which_setting_lacks_and_lists_go_on()
    {
        _api.Grains.Fleet.IndexFailure = new IndexOffException();
        Assert.Contains("Twins:Fleet:Index", (await _client.Get("/twins/count")).IsProblem(501, "index-off"), StringComparison.Ordinal);
        Assert.Empty(await Pages("/twins"));
    }
}
