using Twins.Contracts.Fleet;

namespace Twins.Api.Tests;

public sealed class SeenWritesTests : IDisposable
{
    private const string Header = "Revision-Token";

    private readonly ApiFixture _api = new();
    private readonly ApiClient _client;

    public SeenWritesTests() => _client = _api.Client;

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Every_write_answers_with_its_token()
    {
        string?[] tokens =
        [
            (await _client.Put("/twins/acme:p", "{}")).Is(201).Header(Header),
            (await _client.Put("/twins/acme:p", """{"tags":{"a":1}}""")).Is(200).Header(Header),
            (await _client.Patch("/twins/acme:p", """{"desired":{"b":1}}""")).Is(200).Header(Header),
            (await _client.Put("/twins/acme:p/reported/c", "1")).Is(200).Header(Header),
            (await _client.Patch("/twins/acme:p/tags", """{"d":1}""")).Is(200).Header(Header),
            (await _client.Delete("/twins/acme:p/tags/d")).Is(204).Header(Header),
            (await _client.Delete("/twins/acme:p/tags")).Is(204).Header(Header),
            (await _client.Delete("/twins/acme:p")).Is(204).Header(Header),
        ];

        Assert.Equal(Enumerable.Range(1, 8).Select(revision => $"acme:p@{revision}"), tokens);
        Assert.Null((await _client.Patch("/twins/acme:p", "{}")).Is(404).Header(Header));
    }

    [Theory]
    [InlineData("/twins?sort=tags/a")]
    [InlineData("/twins/count")]
    [InlineData("/twins/aggregate")]
    public async Task A_query_takes_them_along(string url)
    {
        (await _client.Get(url, (Header, "acme:p@3, b@4,"), (Header, "c@9223372036854775807"))).Is(200);

        Assert.Equal([new RevisionToken("acme:p", 3), new("b", 4), new("c", long.MaxValue)], _api.Grains.Fleet.LastQuery!.Seen);

        (await _client.Get(url)).Is(200);

        Assert.Empty(_api.Grains.Fleet.LastQuery.Seen);
    }

    [Theory]
    [InlineData("acme:p")]
    [InlineData("@3")]
    [InlineData("a/b@3")]
    [InlineData("p@")]
    [InlineData("p@-1")]
    [InlineData("p@9223372036854775808")]
    [InlineData("p@1;q@2")]
    public async Task One_that_no_write_answered_is_refused(string token)
    {
        foreach (var url in new[] { "/twins?sort=tags/a", "/twins", "/twins/count", "/twins/aggregate" })
        {
            var detail = (await _client.Get(url, (Header, "p@1," + token))).IsProblem(400, "header-invalid");
            Assert.Contains("like acme:pump-1@42", detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sixteen_are_taken_and_no_more()
    {
        (await _client.Get("/twins/count", (Header, string.Join(',', Enumerable.Range(0, 16).Select(i => $"p{i}@1"))))).Is(200);
        Assert.Equal(16, _api.Grains.Fleet.LastQuery!.Seen.Length);

        var detail = (await _client.Get("/twins/count", (Header, string.Join(',', Enumerable.Range(0, 17).Select(i => $"p{i}@1"))))).IsProblem(400, "header-invalid");
        Assert.Contains("has 17 tokens and may have 16", detail, StringComparison.Ordinal);
    }
}
