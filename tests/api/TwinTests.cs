namespace Twins.Api.Tests;

public sealed class TwinTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly ApiClient _client = api.Client;

    [Fact]
    public async Task A_twin_is_read_with_its_revision_as_etag()
    {
        var id = api.NewId();
        api.Grains.Seed(id, """{"motor":{"rpm":1450}}""", revision: 42);

        var answer = (await _client.Get("/twins/" + id)).Is(200);

        Assert.Equal("application/json", answer.ContentType);
        Assert.Equal("W/\"42\"", answer.ETag);
        Assert.Equal(1450, (int?)answer.Json["reported"]!["motor"]!["rpm"]);
    }

    [Fact]
    public async Task A_colon_in_an_id_may_be_escaped()
    {
        var id = api.NewId();
        api.Grains.Seed(id);

        (await _client.Get("/twins/" + id.Replace(":", "%3A", StringComparison.Ordinal))).Is(200);
    }

    [Fact]
    public async Task Head_answers_like_get_without_the_body()
    {
        var id = api.NewId();
        api.Grains.Seed(id, revision: 7);
        var get = await _client.Get("/twins/" + id);

        var head = (await _client.Send(HttpMethod.Head, "/twins/" + id, (string?)null, null)).Is(200);

        Assert.Equal("W/\"7\"", head.ETag);
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        Assert.Empty(head.Body);
    }

    [Fact]
    public async Task Fields_project_the_document()
    {
        var id = api.NewId();
        api.Grains.Seed(id, """{"motor":{"rpm":1450,"temp":60}}""");

        var answer = (await _client.Get($"/twins/{id}?fields=id,reported/motor/rpm")).Is(200);

        Assert.Equal($$$$"""{"id":"{{{{id}}}}","reported":{"motor":{"rpm":1450}}}""", answer.Body);
        (await _client.Get($"/twins/{id}?fields=a//b")).IsProblem(400, "fields-invalid");
    }

    [Fact]
    public async Task A_missing_twin_is_404() =>
        Assert.Contains("PUT /twins/nobody", (await _client.Get("/twins/nobody")).IsProblem(404, "twin-not-found"), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"42\"", 304)]
    [InlineData("W/\"42\"", 304)]
    [InlineData("\"1\", \"42\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"41\"", 200)]
    [InlineData("\"something else\"", 200)]
    public async Task If_none_match_answers_304_while_it_holds(string header, int status)
    {
        var id = api.NewId();
        api.Grains.Seed(id, revision: 42);

        var answer = (await _client.Get("/twins/" + id, ("If-None-Match", header))).Is(status);

        Assert.Equal("W/\"42\"", answer.ETag);
        Assert.Equal(status == 304, answer.Body.Length == 0);
    }

    [Theory]
    [InlineData("If-None-Match", "42")]
    [InlineData("If-None-Match", "\"42")]
    public async Task A_malformed_condition_is_400(string header, string value)
    {
        var id = api.NewId();
        api.Grains.Seed(id, revision: 42);

        (await _client.Get("/twins/" + id, (header, value))).IsProblem(400, "header-invalid");
    }

    [Fact]
    public async Task Put_creates_then_replaces()
    {
        var id = api.NewId();

        var created = (await _client.Put("/twins/" + id, """{"tags":{"site":"rotterdam"},"desired":{"setpoint":40},"model":"pump"}""")).Is(201);
        Assert.Equal("/twins/" + id, created.Header("Location"));
        Assert.Equal("W/\"1\"", created.ETag);
        Assert.Equal($$"""{"id":"{{id}}","revision":1}""", created.Body);

        var replaced = (await _client.Put("/twins/" + id, """{"tags":{"site":"delft"}}""")).Is(200);
        Assert.Equal("W/\"2\"", replaced.ETag);
        var twin = api.Grains.Twin(id);
        Assert.Equal(("""{"site":"delft"}""", "{}", null), (twin.Tags, twin.Desired, twin.Model));
    }

    [Fact]
    public async Task Put_takes_back_the_id_and_revision_that_were_read()
    {
        var id = api.NewId();
        api.Grains.Seed(id, revision: 5);

        (await _client.Put("/twins/" + id, $$"""{ "id": "{{id}}", "tags": { "a" : 1 }, "revision": 5, "desired": {} }""")).Is(200);
        Assert.Equal("""{"tags":{"a":1},"desired":{}}"""u8, api.Grains.Twin(id).LastWrite!.Body);
        Assert.Equal(5, api.Grains.Twin(id).LastWrite!.IfRevision);

        (await _client.Put("/twins/" + id, """{"revision":5}""")).IsProblem(412, "revision-mismatch");
        (await _client.Put("/twins/" + id, """{"id":"another"}""")).IsProblem(400, "wrong-type");
        (await _client.Put("/twins/" + id, """{"revision":"5"}""")).IsProblem(400, "wrong-type");

        // Clients that write all members of a class write null for those that have no value.
        (await _client.Put("/twins/" + id, """{"id":null,"revision":null,"model":null,"tags":null,"desired":{"a":1}}""")).Is(200);
        (await _client.Put("/twins/" + id, """{"revision":6}""", ("If-Match", "\"5\""))).IsProblem(412, "precondition-failed");
    }

    [Theory]
    [InlineData("reported", "reported")]
    [InlineData("connection", "platform")]
    [InlineData("metadata", "platform")]
    [InlineData("colour", "tags, desired and model")]
    public async Task Members_that_can_not_be_written_are_named(string member, string reason)
    {
        var answer = await _client.Put("/twins/" + api.NewId(), $$$"""{"{{{member}}}":{}}""");

        var detail = answer.IsProblem(400, "member-unknown");
        Assert.Contains($"\"{member}\"", detail, StringComparison.Ordinal);
        Assert.Contains(reason, detail, StringComparison.Ordinal);
        Assert.Equal("/" + member, (string?)answer.Json["pointer"]);
    }

    [Fact]
    public async Task Patch_merges()
    {
        var id = api.NewId();
        api.Grains.Seed(id, tags: """{"site":"rotterdam","hall":3}""");

        (await _client.Patch("/twins/" + id, """{"tags":{"hall":null},"model":"pump"}""")).Is(200);
        (await _client.Send(HttpMethod.Patch, "/twins/" + id, """{"desired":{"on":true}}""", "application/json; charset=utf-8")).Is(200);

        var twin = api.Grains.Twin(id);
        Assert.Equal(("""{"site":"rotterdam"}""", """{"on":true}""", "pump"), (twin.Tags, twin.Desired, twin.Model));
    }

    [Fact]
    public async Task Patch_takes_json_patches()
    {
        var id = api.NewId();
        api.Grains.Seed(id, tags: """{"site":"rotterdam"}""");

        (await _client.JsonPatch("/twins/" + id, """[{"op":"replace","path":"/tags/site","value":"delft"}]""")).Is(200);

        Assert.Equal("""{"site":"delft"}""", api.Grains.Twin(id).Tags);
        (await _client.JsonPatch("/twins/" + id, "{}")).IsProblem(400, "wrong-type");
    }

    [Fact]
    public async Task Patch_of_a_missing_twin_is_404() =>
        (await _client.Patch("/twins/" + api.NewId(), "{}")).IsProblem(404, "twin-not-found");

    [Fact]
    public async Task Delete_deletes_once()
    {
        var id = api.NewId();
        api.Grains.Seed(id, revision: 3);

        Assert.Equal("W/\"4\"", (await _client.Delete("/twins/" + id)).Is(204).ETag);
        (await _client.Delete("/twins/" + id)).IsProblem(404, "twin-not-found");
        (await _client.Get("/twins/" + id)).IsProblem(404, "twin-not-found");
    }
}
