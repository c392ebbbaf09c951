using System.Text.Json.Nodes;

namespace Twins.Api.Tests;

public sealed class ListTests : IDisposable
{
    private readonly ApiFixture _api = new();
    private readonly ApiClient _client;

    public ListTests() => _client = _api.Client;

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task All_twins_are_paged_in_the_order_of_their_ids()
    {
        var ids = Enumerable.Range(0, 7).Select(i => $"fleet:{i}").ToArray();
        foreach (var id in ids.Reverse())
        {
            _api.Grains.Seed(id, """{"a":1,"b":2}""");
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await _client.Get($"/twins?limit=3&fields=id,reported/b&cursor={cursor}")).Is(200);
            Assert.Equal("application/json", page.ContentType);
            foreach (var item in page.Json["items"]!.AsArray())
            {
                Assert.Equal("""{"b":2}""", item!["reported"]!.ToJsonString());
                Assert.Null(item["tags"]);
                seen.Add((string)item["id"]!);
            }

            cursor = (string?)page.Json["cursor"];
            Assert.True(cursor is null || cursor.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), cursor);
        }
        while (cursor is not null);

        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task An_empty_fleet_is_an_empty_page()
    {
        var page = (await _client.Get("/twins")).Is(200);

        Assert.Equal("""{"items":[]}""", page.Body);
        (await _client.Send(HttpMethod.Head, "/twins", (string?)null, null)).Is(200);
    }

    [Fact]
    public async Task A_page_has_25_twins_by_default_and_200_at_most()
    {
        for (var i = 0; i < 201; i++)
        {
            _api.Grains.Seed($"fleet:{i:d3}");
        }

        Assert.Equal(25, Items(await _client.Get("/twins")).Count);
        Assert.Equal(200, Items(await _client.Get("/twins?limit=200")).Count);
        foreach (var limit in new[] { "0", "201", "-1", "ten", "1.5", "99999999999" })
        {
            Assert.Contains("from 1 to 200", (await _client.Get("/twins?limit=" + limit)).IsProblem(400, "parameter-invalid"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("!!!!")]
    [InlineData("ZGZsZWV0OjE")] // a cursor of dead letters
    [InlineData("dGEvYg")] // "ta/b": no twin id
    public async Task A_cursor_is_one_that_was_given_out(string cursor)
    {
        var answer = await _client.Get("/twins?cursor=" + cursor);

        Assert.Equal(400, answer.Is(400).Status);
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    private static JsonArray Items(Answer answer) => answer.Is(200).Json["items"]!.AsArray();
}
