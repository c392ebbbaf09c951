using System.Text;
using StackExchange.Redis;
using Twins.Contracts.Twins;

namespace Twins.Api.Tests;

public sealed class BadInputTests : IDisposable
{
    private readonly ApiFixture _api = new();
    private readonly ApiClient _client;

    public BadInputTests()
    {
        _client = _api.Client;
        _api.Grains.Seed("pump");
    }

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/twins/pump/colour")]
    [InlineData("/twins/pump/commands/a/b")]
    [InlineData("/health")]
    public async Task Unknown_routes_are_404(string path) =>
        Assert.Contains("/swagger", (await _client.Get(path)).IsProblem(404, "no-such-route"), StringComparison.Ordinal);

    [Theory]
    [InlineData("POST", "/twins", "GET, HEAD")]
    [InlineData("DELETE", "/twins", "GET, HEAD")]
    [InlineData("POST", "/twins/pump", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("POST", "/twins/pump/reported", "DELETE, GET, HEAD, PATCH, PUT")]
    [InlineData("PUT", "/twins/pump/commands", "GET, HEAD")]
    [InlineData("POST", "/twins/pump/events", "GET")]
    [InlineData("POST", "/deadletters", "GET, HEAD")]
    [InlineData("DELETE", "/health/live", "GET, HEAD")]
    public async Task Wrong_methods_are_405_and_told_the_right_ones(string method, string path, string allow)
    {
        var answer = await _client.Send(new HttpMethod(method), path, (string?)null, null);

        Assert.Contains(allow, answer.IsProblem(405, "method-not-allowed"), StringComparison.Ordinal);
        Assert.Equal(allow, answer.Header("Allow"));
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("a%20b")]
    [InlineData(".a")]
    [InlineData("-")]
    [InlineData("caf%C3%A9")]
    [InlineData("a+b")]
    public async Task Bad_ids_are_400_on_every_route(string id)
    {
        foreach (var path in new[] { string.Empty, "/tags", "/tags/site", "/commands", "/commands/x", "/events" })
        {
            (await _client.Get($"/twins/{id}{path}")).IsProblem(400, "twin-id-invalid");
        }

        foreach (var path in new[] { string.Empty, "/tags", "/tags/site" })
        {
            (await _client.Put($"/twins/{id}{path}", "{}")).IsProblem(400, "twin-id-invalid");
            (await _client.Patch($"/twins/{id}{path}", "{}")).IsProblem(400, "twin-id-invalid");
            (await _client.Delete($"/twins/{id}{path}")).IsProblem(400, "twin-id-invalid");
        }

        (await _client.Post($"/twins/{id}/commands/ping", null)).IsProblem(400, "twin-id-invalid");
        (await _client.Delete($"/twins/{id}/commands/x")).IsProblem(400, "twin-id-invalid");
        (await _client.Get("/twins/" + new string('a', 129))).IsProblem(400, "twin-id-invalid");
    }

    [Theory]
    [InlineData("", "payload-empty")]
    [InlineData("{", "payload-not-json")]
    [InlineData("{\"a\":NaN}", "payload-not-json")]
    [InlineData("{\"a\":Infinity}", "payload-not-json")]
    [InlineData("{\"a\":1,}", "payload-not-json")]
    [InlineData("{}{}", "payload-not-json")]
    [InlineData("// hello\n{}", "payload-not-json")]
    [InlineData("{\"a\":1,\"b\":{},\"a\":2}", "duplicate-name")]
    [InlineData("{\"a\":1,\"\\u0061\":2}", "duplicate-name")]
    [InlineData("{\"a\":\"\\ud800\"}", "unpaired-surrogate")]
    public async Task Bodies_that_are_not_good_json_are_400(string body, string code)
    {
        (await _client.Put("/twins/pump/tags", body)).IsProblem(400, code);
        (await _client.Patch("/twins/pump/tags", body)).IsProblem(400, code);
        (await _client.Put("/twins/pump", body)).IsProblem(400, code);
        (await _client.Put("/twins/pump/tags/site", body)).IsProblem(400, code);
        if (body.Length > 0)
        {
            (await _client.Post("/twins/pump/commands/ping", body)).IsProblem(400, code);
        }
    }

    [Fact]
    public async Task Bodies_that_are_not_utf8_are_400()
    {
        byte[] body = [.. "{\"a\":\""u8, 0xff, .. "\"}"u8];

        (await _client.Send(HttpMethod.Put, "/twins/pump/tags", body, "application/json")).IsProblem(400, "payload-not-utf8");
    }

    [Fact]
    public async Task Bodies_that_are_nested_too_deep_or_named_too_long_are_400()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100);

        (await _client.Put("/twins/pump/tags", deep)).IsProblem(400, "payload-too-deep");
        (await _client.Put("/twins/pump/tags", $$"""{"{{new string('a', 2000)}}":1}""")).IsProblem(400, "name-too-long");
        (await _client.Put("/twins/pump/tags/" + new string('a', 2000), "1")).IsProblem(400, "path-invalid");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_over_a_mebibyte_are_413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/twins/pump/tags");
        request.Content = new ByteArrayContent(Encoding.ASCII.GetBytes('"' + new string('a', 1024 * 1024) + '"'));
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;
        using var response = await _client.Http.SendAsync(request, TestContext.Current.CancellationToken);

        new Answer(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).IsProblem(413, "body-too-large");
    }

    [Theory]
    [InlineData("PUT", "/twins/pump", "text/plain", "application/json")]
    [InlineData("PUT", "/twins/pump", "application/merge-patch+json", "application/json")]
    [InlineData("PUT", "/twins/pump/tags", null, "application/json")]
    [InlineData("PUT", "/twins/pump/tags/a", "application/json; charset=utf-16", "application/json")]
    [InlineData("PATCH", "/twins/pump", "application/x-www-form-urlencoded", "application/merge-patch+json, application/json, application/json-patch+json")]
    [InlineData("PATCH", "/twins/pump/tags", "application/xml", "application/merge-patch+json, application/json, application/json-patch+json")]
    [InlineData("POST", "/twins/pump/commands/ping", "text/plain", "application/json")]
    public async Task Other_content_types_are_415_and_told_the_right_ones(string method, string path, string? contentType, string accepted)
    {
        var answer = await _client.Send(new HttpMethod(method), path, "{}", contentType);

        Assert.Contains(accepted, answer.IsProblem(415, "unsupported-media-type"), StringComparison.Ordinal);
        Assert.Equal(accepted, answer.Header(method == "PATCH" ? "Accept-Patch" : "Accept"));
    }

    [Theory]
    [InlineData("""{"tags":1}""", "/tags")]
    [InlineData("""{"desired":[]}""", "/desired")]
    [InlineData("""{"model":1}""", "/model")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    public async Task Wrong_types_are_400_and_pointed_at(string body, string pointer)
    {
        var answer = await _client.Put("/twins/pump", body);

        answer.IsProblem(400, "wrong-type");
        Assert.Equal(pointer, (string?)answer.Json["pointer"]);
    }

    [Fact]
    public async Task What_the_cluster_can_not_do_now_is_503()
    {
        foreach (var exception in new Exception[]
        {
            new TimeoutException("secret"),
            new TwinUnavailableException("secret"),
            new OrleansException("secret"),
            new RedisConnectionException(ConnectionFailureType.UnableToConnect, "secret"),
            new InvalidOperationException("secret", new TimeoutException()),
        })
        {
            _api.Grains.Failure = exception;
            var answer = await _client.Get("/twins/pump");

            answer.IsProblem(503, "unavailable");
            Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
            (await _client.Put("/twins/pump", "{}")).IsProblem(503, "unavailable");
            (await _client.Get("/twins")).IsProblem(503, "unavailable");
            (await _client.Get("/deadletters")).IsProblem(503, "unavailable");
        }
    }

    [Fact]
    public async Task What_nobody_foresaw_is_500_and_tells_nothing()
    {
        _api.Grains.Failure = new FormatException("secret");

        var answer = await _client.Get("/twins/pump");

        answer.IsProblem(500, "internal-error");
        Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_spells_quotes_as_people_do_and_shortens_what_it_was_sent()
    {
        var answer = await _client.Get("/twins?limit=" + new string('9', 4000));

        Assert.InRange(answer.Body.Length, 1, 600);
        Assert.Contains("limit \\\"99", answer.Body, StringComparison.Ordinal);
    }
}
