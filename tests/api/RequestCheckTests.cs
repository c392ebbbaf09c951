using System.Net.Sockets;
using System.Text;

namespace Twins.Api.Tests;

public sealed class RequestCheckTests : IDisposable
{
    private const string Trusted = "https://ops.example";

    private readonly ApiFixture _api = new(TimeProvider.System, builder => builder.UseSetting("Twins:Api:CorsOrigins:0", Trusted));

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData("DELETE", "/twins/{0}/reported/%2e%2e")]
    [InlineData("DELETE", "/twins/{0}/reported/..")]
    [InlineData("DELETE", "/twins/{0}/reported/a/%2E.")]
    [InlineData("PUT", "/twins/{0}/tags/%2e/site")]
    [InlineData("GET", "/twins/x/../{0}")]
    [InlineData("DELETE", "/twins/{0}/reported/a%2F..")]
    public async Task Dot_segments_are_refused(string method, string target)
    {
        var id = Seeded();

        Assert.Contains(" 400 ", await Raw(method, string.Format(target, id)), StringComparison.Ordinal);
        Assert.True(_api.Grains.Twin(id).Exists);
        Assert.Equal(42, _api.Grains.Twin(id).Revision);
    }

    [Theory]
    [InlineData("/twins/{0}/reported/a.b")]
    [InlineData("/twins/{0}/reported/...")]
    [InlineData("/twins/{0}/reported/.a?filter=")]
    public async Task Names_with_dots_are_names(string target) =>
        Assert.DoesNotContain(" path-invalid", await Raw("GET", string.Format(target, Seeded())), StringComparison.Ordinal);

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 201)]
    [InlineData("Sec-Fetch-Site", "none", 201)]
    [InlineData("Origin", "https://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", Trusted, 201)]
    [InlineData("X-Nothing", "1", 201)]
    public async Task Writes_of_foreign_pages_are_refused(string header, string value, int status)
    {
        var id = _api.NewId();

        var answer = await _api.Client.Put($"/twins/{id}", "{}", (header, value));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 201, _api.Grains.Twin(id).Exists);
        if (status == 403)
        {
            Assert.Contains("CorsOrigins", answer.IsProblem(403, "origin-refused"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_command_without_a_body_of_a_foreign_page_is_refused()
    {
        var id = Seeded();

        (await _api.Client.Post($"/twins/{id}/commands/reboot", null, ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"))).IsProblem(403, "origin-refused");
    }

    [Fact]
    public async Task Pages_of_this_server_may_write() =>
        (await _api.Client.Put($"/twins/{_api.NewId()}", "{}", ("Origin", _api.Address.GetLeftPart(UriPartial.Authority)))).Is(201);

    [Fact]
    public async Task A_trusted_page_may_write_and_read_the_headers()
    {
        var preflight = await _api.Client.Send(
            HttpMethod.Options, "/twins/x", (string?)null, null, ("Origin", Trusted), ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "content-type,if-match"));
        Assert.Equal((204, Trusted), (preflight.Status, preflight.Header("Access-Control-Allow-Origin")));
        Assert.Contains("PUT", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);

        var written = await _api.Client.Put($"/twins/{_api.NewId()}", "{}", ("Origin", Trusted), ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal((201, Trusted), (written.Status, written.Header("Access-Control-Allow-Origin")));
        Assert.Contains("ETag", written.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);

        var foreign = await _api.Client.Get("/twins", ("Origin", "https://evil.example"));
        Assert.Null(foreign.Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("evil.example", 400)]
    [InlineData("evil.example:8080", 400)]
    [InlineData("localhost", 200)]
    [InlineData("127.0.0.1:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    public async Task Loopback_answers_for_its_own_names_by_default(string host, int status)
    {
        var answer = await _api.Client.Get("/twins", ("Host", host));

        Assert.Equal(status, answer.Status);
        if (status == 400)
        {
            Assert.Contains("AllowedHosts", answer.IsProblem(400, "host-not-allowed"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/twins/count?filters=x", "did you mean filter?")]
    [InlineData("/twins?Filter=x", "did you mean filter?")]
    [InlineData("/twins?colour=red", "takes filter, sort, limit, cursor, fields")]
    [InlineData("/twins/x/tags?fields=a", "takes no query parameters")]
    public async Task Unknown_query_parameters_are_refused(string path, string detail) =>
        Assert.Contains(detail, (await _api.Client.Get(path)).IsProblem(400, "parameter-unknown"), StringComparison.Ordinal);

    [Fact]
    public async Task A_repeated_filter_is_refused() =>
        (await _api.Client.Get("/twins?filter=eq(id,a)&filter=eq(id,b)")).IsProblem(400, "parameter-invalid");

    [Theory]
    [InlineData("/TWINS", "/twins")]
    [InlineData("/twins/COUNT", null)]
    [InlineData("/twin/x", "/twins/x")]
    [InlineData("/healthz", "/health/live")]
    [InlineData("/health", "/health/live")]
    [InlineData("/twins/x/report", "/twins/x/reported")]
    [InlineData("/twins/x/Tags", "/twins/x/tags")]
    [InlineData("/TWINS/Acme:Pump", "/twins/Acme:Pump")]
    public async Task Near_misses_name_the_route(string path, string? meant)
    {
        var answer = await _api.Client.Get(path);

        Assert.Equal(404, answer.Status);
        if (meant is not null)
        {
            Assert.Contains($"did you mean {meant}?", answer.IsProblem(404, "no-such-route"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Unknown_fields_are_refused()
    {
        Assert.Contains("did you mean reported?", (await _api.Client.Get($"/twins/{Seeded()}?fields=id,repoted/x")).IsProblem(400, "fields-invalid"), StringComparison.Ordinal);
        Assert.Contains("did you mean reported?", (await _api.Client.Get("/twins?fields=repoted/x")).IsProblem(400, "fields-invalid"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_body_is_415()
    {
        var answer = await Raw("PUT", $"/twins/{_api.NewId()}", "Content-Encoding: gzip\r\n");

        Assert.Contains(" 415 ", answer, StringComparison.Ordinal);
        Assert.Contains("unsupported-content-encoding", answer, StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding: identity", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_compressed_if_the_caller_accepts_it()
    {
        Assert.Equal("gzip", (await _api.Client.Get("/twins", ("Accept-Encoding", "gzip"))).Header("Content-Encoding"));
        Assert.Null((await _api.Client.Get("/twins")).Header("Content-Encoding"));
        Assert.Null((await _api.Client.Get($"/twins/{Seeded()}", ("Accept-Encoding", "gzip"))).Header("Content-Encoding"));
    }

    [Fact]
    public async Task Answers_tell_caches_what_to_do()
    {
        var id = Seeded();
        Assert.Equal("no-cache", (await _api.Client.Get($"/twins/{id}")).Header("Cache-Control"));
        Assert.Equal("no-cache", (await _api.Client.Get($"/twins/{id}", ("If-None-Match", "\"42\""))).Is(304).Header("Cache-Control"));
        Assert.Equal("no-store", (await _api.Client.Get("/twins")).Header("Cache-Control"));
        Assert.Equal("no-store", (await _api.Client.Get("/twins/nobody")).Header("Cache-Control"));
    }

    /// <summary>Sends a request line as it is: HttpClient would remove dot segments itself.</summary>
    private async Task<string> Raw(string method, string target, string headers = "")
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _api.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Type: application/json\r\nContent-Length: {(method == "PUT" ? 1 : 0)}\r\n\r\n{(method == "PUT" ? "1" : "")}"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private string Seeded()
    {
        var id = _api.NewId();
        _api.Grains.Seed(id, tags: """{"site":"rotterdam"}""", revision: 42);
        return id;
    }
}
