namespace Twins.Api.Tests;

public sealed class WriteConditionTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private readonly ApiClient _client = api.Client;

    public static TheoryData<string> Writes => ["PUT", "PATCH", "DELETE", "PUT /tags", "PATCH /tags", "DELETE /tags", "PUT /tags/site", "DELETE /tags/site"];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task If_match_with_the_current_revision_writes(string write)
    {
        var id = Seeded();

        Assert.Equal("W/\"43\"", (await Send(write, id, ("If-Match", "\"42\""))).ETag);
        Assert.Equal(43, api.Grains.Twin(id).Revision);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task If_match_with_another_revision_is_412_and_tells_the_current_one(string write)
    {
        var id = Seeded();

        var answer = await Send(write, id, ("If-Match", "\"41\""));

        answer.IsProblem(412, "revision-mismatch");
        Assert.Equal("W/\"42\"", answer.ETag);
        Assert.Equal(42, (int?)answer.Json["revision"]);
        Assert.Equal(42, api.Grains.Twin(id).Revision);
    }

    [Theory]
    [InlineData("\"1\", \"42\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"1\", \"2\"", 412)]
    [InlineData("W/\"42\"", 200)]
    [InlineData("\"no revision\"", 412)]
    [InlineData("\"042\"", 412)]
    public async Task If_match_knows_lists_any_and_strength(string header, int status)
    {
        var id = Seeded();

        (await Send("PUT", id, ("If-Match", header))).Is(status);
    }

    [Fact]
    public async Task If_match_any_of_a_missing_twin_is_412()
    {
        var id = api.NewId();

        (await Send("PUT", id, ("If-Match", "*"))).IsProblem(412, "precondition-failed");
        Assert.False(api.Grains.Twin(id).Exists);
    }

    [Fact]
    public async Task If_match_any_does_not_mind_who_else_writes()
    {
        var id = Seeded();
        api.Grains.Twin(id).BeforeWrite = api.Grains.Twin(id).Bump;

        Assert.Equal("W/\"44\"", (await Send("PUT", id, ("If-Match", "*"))).Is(200).ETag);
    }

    [Fact]
    public async Task A_list_loses_against_a_write_in_between()
    {
        var id = Seeded();
        api.Grains.Twin(id).BeforeWrite = api.Grains.Twin(id).Bump;

        (await Send("PUT", id, ("If-Match", "\"41\", \"42\""))).IsProblem(412, "revision-mismatch");
    }

    [Theory]
    [InlineData("42")]
    [InlineData("\"42")]
    [InlineData("\"42\" \"43\"")]
    public async Task A_malformed_if_match_is_400(string header) =>
        (await Send("PUT", Seeded(), ("If-Match", header))).IsProblem(400, "header-invalid");

    [Fact]
    public async Task If_none_match_any_writes_only_new_twins()
    {
        var id = api.NewId();

        (await Send("PUT", id, ("If-None-Match", "*"))).Is(201);
        (await Send("PUT", id, ("If-None-Match", "*"))).IsProblem(412, "twin-exists");
        (await Send("PUT", id, ("If-None-Match", "\"1\""))).IsProblem(400, "header-invalid");
        (await Send("DELETE", id, ("If-None-Match", "*"))).IsProblem(400, "header-invalid");
    }

    private string Seeded()
    {
        var id = api.NewId();
        api.Grains.Seed(id, tags: """{"site":"rotterdam"}""", revision: 42);
        return id;
    }

    private Task<Answer> Send(string write, string id, (string, string) header)
    {
        var parts = write.Split(' ');
        var path = "/twins/" + id + (parts.Length > 1 ? parts[1] : string.Empty);
        return parts[0] switch
        {
            "DELETE" => _client.Delete(path, header),
            "PATCH" => _client.Patch(path, "{}", header),
            _ => _client.Put(path, "{}", header),
        };
    }
}
