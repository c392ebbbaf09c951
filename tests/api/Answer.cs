using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Twins.Api.Tests;

/// <summary>An answer that has been read to its end.</summary>
internal sealed class Answer
{
    private readonly HttpResponseHeaders _headers;
    private readonly HttpContentHeaders _contentHeaders;

    public Answer(HttpResponseMessage response, string body)
    {
        Status = (int)response.StatusCode;
        Body = body;
        _headers = response.Headers;
        _contentHeaders = response.Content.Headers;
    }

    public int Status { get; }

    public string Body { get; }

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? ContentType => Header("Content-Type");

    public string? ETag => Header("ETag");

    public string? Header(string name) =>
        _headers.TryGetValues(name, out var values) || _contentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    /// <summary>It is a problem of this status and code, in the shape that all problems have.</summary>
    public string IsProblem(int status, string code, int retryAfter = 1)
    {
        Assert.Equal((status, "application/problem+json"), (Status, ContentType));
        var problem = Json;
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal("urn:twins:problem:" + code, (string?)problem["type"]);
        Assert.Equal(status, (int?)problem["status"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["title"]));
        Assert.StartsWith("/", (string?)problem["instance"], StringComparison.Ordinal);
        if (status is 429 or 503)
        {
            Assert.Equal($"{retryAfter}", Header("Retry-After"));
        }

        return (string)problem["detail"]!;
    }

    public Answer Is(int status)
    {
        Assert.True(status == Status, $"expected {status}, got {Status}: {Body}");
        return this;
    }
}
