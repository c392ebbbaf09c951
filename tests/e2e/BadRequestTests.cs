using System.Net;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>Bad input over REST: refused with a problem that a person can act on, and nothing is changed.</summary>
public sealed class BadRequestTests(Platforms platforms) : PlatformTest(platforms)
{
    private const string Merge = "application/merge-patch+json";

    public static TheoryData<string, string, string, string?, string?> Requests() => new()
    {
        // method, path ({id} is a twin that is there), what the body is, media type, one of the allowed statuses
        { "PATCH", "/twins/{id}/desired", "not JSON", Merge, "400" },
        { "PATCH", "/twins/{id}/desired", "nothing", Merge, "400" },
        { "PATCH", "/twins/{id}/desired", "cut off", Merge, "400" },
        { "PATCH", "/twins/{id}/desired", "more behind", Merge, "400" },
        { "PATCH", "/twins/{id}/desired", "invalid UTF-8", Merge, "400" },
        { "PATCH", "/twins/{id}/desired", "not an object", Merge, "400,422" },
        { "PATCH", "/twins/{id}/desired", "duplicate names", Merge, "400,422" },
        { "PATCH", "/twins/{id}/desired", "NaN", Merge, "400" },
        { "PATCH", "/twins/{id}/desired", "10,000 deep", Merge, "400,413,422" },
        { "PATCH", "/twins/{id}/desired", "10 MB", Merge, "413" },
        { "PATCH", "/twins/{id}/desired", "over the limit", Merge, "413" },
        { "PATCH", "/twins/{id}/desired", "a long name", Merge, "400,413,422" },
        { "PATCH", "/twins/{id}/desired", "an object", "text/plain", "415" },
        { "PATCH", "/twins/{id}/desired", "an object", "application/json-patch+json", "400,422" },
        { "PATCH", "/twins/{id}/nonsense", "an object", Merge, "404" },
        { "PATCH", "/twins/{id}", "an object of nonsense", Merge, "400,422" },
        { "PUT", "/twins/{id}", "an object of nonsense", "application/json", "400,422" },
        { "PUT", "/twins/a%20b", "an object", "application/json", "400" },
        { "PUT", "/twins/.a", "an object", "application/json", "400" },
        { "GET", "/twins?limit=0", "", null, "400" },
        { "GET", "/twins?limit=1000000", "", null, "400" },
        { "GET", "/twins?cursor=nonsense!", "", null, "400" },
        { "POST", "/twins/{id}/commands/a%20b", "an object", "application/json", "400" },
        { "POST", "/twins/{id}/commands/a?timeout=never", "an object", "application/json", "400" },
        { "POST", "/twins/{id}/commands/a", "cut off", "application/json", "400" },
        { "GET", "/twins/{id}/commands/nonsense", "", null, "400,404" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_bad_request_is_refused_with_its_reason(string method, string path, string body, string? mediaType, string? statuses)
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("rest");
        (await platform.Rest.Put($"/twins/{id}", """{"desired":{"a":"before"}}""")).Expect(HttpStatusCode.Created);

        var answer = await platform.Rest.Send(
            new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal), Bytes(body), mediaType);

        Assert.True(statuses!.Split(',').Contains($"{(int)answer.Status}", StringComparer.Ordinal), $"expected {statuses}, got {answer}");
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal((int)answer.Status, (int?)answer.Json!["status"]);
        Assert.NotEmpty((string?)answer.Json["detail"] ?? "");
        Assert.DoesNotContain("Exception", answer.Text, StringComparison.Ordinal);
        var twin = await platform.Rest.Twin(id);
        Json.AssertEqual("""{"a":"before"}""", twin["desired"]);
    }

    [Fact]
    public async Task A_write_on_an_old_revision_is_refused()
    {
        var platform = await On(Store.Embedded);
        var id = NewTwinId("etag");
        (await platform.Rest.Put($"/twins/{id}", """{"desired":{"a":1}}""")).Expect(HttpStatusCode.Created);
        var etag = (await platform.Rest.Get($"/twins/{id}")).Headers["ETag"];
        (await platform.Rest.Patch($"/twins/{id}", """{"desired":{"a":2}}""", ("If-Match", etag))).Expect(HttpStatusCode.OK);

        var answer = await platform.Rest.Patch($"/twins/{id}", """{"desired":{"a":3}}""", ("If-Match", etag));

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.Status);
        Json.AssertEqual("""{"a":2}""", (await platform.Rest.Twin(id))["desired"]);
    }

    private static byte[]? Bytes(string name) => name switch
    {
        "" => null,
        "an object" => "{}"u8.ToArray(),
        "an object of nonsense" => """{"nonsense":{"a":1}}"""u8.ToArray(),
        _ => BadMessages.Of(name, "any").Payload,
    };
}
