using Twins.Contracts.Twins;

namespace Twins.Api.Tests;

public sealed class SectionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly ApiClient _client = api.Client;

    [Theory]
    [InlineData("tags", """{"site":"rotterdam"}""")]
    [InlineData("desired", """{"setpoint":40}""")]
    [InlineData("reported", """{"motor":{"rpm":1450}}""")]
    public async Task A_section_is_read(string section, string expected)
    {
        var id = Seeded();

        var answer = (await _client.Get($"/twins/{id}/{section}")).Is(200);

        Assert.Equal((expected, "W/\"42\"", "application/json"), (answer.Body, answer.ETag, answer.ContentType));
        (await _client.Get($"/twins/{id}/{section}", ("If-None-Match", "\"42\""))).Is(304);
        (await _client.Get($"/twins/{api.NewId()}/{section}")).IsProblem(404, "twin-not-found");
    }

    [Fact]
    public async Task A_property_is_read_at_any_depth()
    {
        var id = Seeded();

        Assert.Equal("1450", (await _client.Get($"/twins/{id}/reported/motor/rpm")).Is(200).Body);
        Assert.Equal("1450", (await _client.Get($"/twins/{id}/reported/motor/rpm/")).Is(200).Body);
        Assert.Equal("""{"rpm":1450}""", (await _client.Get($"/twins/{id}/reported/motor")).Is(200).Body);
        (await _client.Get($"/twins/{id}/reported/motor", ("If-None-Match", "\"42\""))).Is(304);
        Assert.Contains("reported/motor/volts", (await _client.Get($"/twins/{id}/reported/motor/volts")).IsProblem(404, "property-not-found"), StringComparison.Ordinal);
        (await _client.Get($"/twins/{id}/reported/motor//rpm")).IsProblem(400, "path-invalid");
    }

    [Theory]
    [InlineData("a%2Fb", "a", "b")]
    [InlineData("a%2fb", "a", "b")]
    [InlineData("a~1b%2Fc", "a/b", "c")]
    [InlineData("a~1b", "a/b")]
    [InlineData("a~0b", "a~b")]
    [InlineData("a%20b", "a b")]
    [InlineData("%C3%A9", "é")]
    [InlineData("a%25b", "a%b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("x/a%2Fb/c", "x", "a", "b", "c")]
    public async Task Segments_are_names(string path, params string[] names)
    {
        var id = Seeded();

        (await _client.Put($"/twins/{id}/tags/{path}", "1")).Is(200);

        Assert.Equal(["tags", .. names], api.Grains.Twin(id).LastWrite!.Target);
        Assert.Equal("1", (await _client.Get($"/twins/{id}/tags/{path}")).Is(200).Body);
    }

    [Theory]
    [InlineData("tags")]
    [InlineData("desired")]
    [InlineData("reported")]
    public async Task A_section_is_replaced_merged_patched_and_emptied(string section)
    {
        var id = Seeded();
        var path = $"/twins/{id}/{section}";

        Assert.Equal("W/\"43\"", (await _client.Put(path, """{ "a": 1, "b": 2 }""")).Is(200).ETag);
        Assert.Equal("""{"a":1,"b":2}""", (await _client.Get(path)).Body);
        (await _client.Patch(path, """{"b":null,"c":3}""")).Is(200);
        Assert.Equal("""{"a":1,"c":3}""", (await _client.Get(path)).Body);
        (await _client.Send(HttpMethod.Patch, path, """{"c":4}""", "application/json")).Is(200);
        (await _client.JsonPatch(path, """[{"op":"test","path":"/a","value":1},{"op":"remove","path":"/a"}]""")).Is(200);
        Assert.Equal("""{"c":4}""", (await _client.Get(path)).Body);
        Assert.Equal("W/\"47\"", (await _client.Delete(path)).Is(204).ETag);
        Assert.Equal("{}", (await _client.Get(path)).Body);
    }

    [Fact]
    public async Task A_property_is_set_merged_patched_and_removed()
    {
        var id = Seeded();
        var path = $"/twins/{id}/desired/valve/open";

        (await _client.Put(path, "true")).Is(200);
        Assert.Equal("true", (await _client.Get(path)).Body);
        (await _client.Patch(path, """{"percent":50}""")).Is(200);
        (await _client.JsonPatch(path, """[{"op":"replace","path":"/percent","value":60}]""")).Is(200);
        Assert.Equal("""{"percent":60}""", (await _client.Get(path)).Body);
        (await _client.Put(path, "null")).Is(200);
        (await _client.Get(path)).IsProblem(404, "property-not-found");
        (await _client.Delete(path)).IsProblem(404, "property-not-found");
        (await _client.Delete($"/twins/{id}/desired/valve")).Is(204);
        Assert.Equal("""{"setpoint":40}""", api.Grains.Twin(id).Desired);
    }

    [Theory]
    [InlineData("PUT", "application/json", WriteVerb.Replace)]
    [InlineData("PATCH", "application/json", WriteVerb.Merge)]
    [InlineData("PATCH", "application/merge-patch+json", WriteVerb.Merge)]
    [InlineData("PATCH", "Application/JSON-Patch+JSON", WriteVerb.Patch)]
    public async Task The_content_type_decides_what_a_body_means(string method, string contentType, WriteVerb verb)
    {
        var id = Seeded();
        var body = verb == WriteVerb.Patch ? "[]" : "{}";

        (await _client.Send(new HttpMethod(method), $"/twins/{id}/tags", body, contentType)).Is(200);

        Assert.Equal(verb, api.Grains.Twin(id).LastWrite!.Verb);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task A_section_is_an_object(string method)
    {
        foreach (var body in new[] { "1", "\"x\"", "[]", "true" })
        {
            (await _client.Send(new HttpMethod(method), $"/twins/{Seeded()}/tags", body, "application/json")).IsProblem(400, "wrong-type");
        }
    }

    [Fact]
    public async Task Writing_a_section_of_a_missing_twin_is_404()
    {
        var path = $"/twins/{api.NewId()}/tags";
        (await _client.Put(path, "{}")).IsProblem(404, "twin-not-found");
        (await _client.Patch(path, "{}")).IsProblem(404, "twin-not-found");
        (await _client.Put(path + "/site", "1")).IsProblem(404, "twin-not-found");
    }

    private string Seeded()
    {
        var id = api.NewId();
        api.Grains.Seed(id, """{"motor":{"rpm":1450}}""", """{"setpoint":40}""", """{"site":"rotterdam"}""", 42);
        return id;
    }
}
