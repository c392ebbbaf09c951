using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Api.Tests;

public sealed class FleetGroupTests : IDisposable
{
    private readonly ApiFixture _api = new();
    private readonly ApiClient _client;

    public FleetGroupTests() => _client = _api.Client;

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task Twins_are_added_up_in_groups()
    {
        _api.Grains.Seed("a", """{"temp":20}""", "{}", """{"site":"rotterdam","hall":3}""");
        _api.Grains.Seed("b", """{"temp":80.5}""", "{}", """{"site":"rotterdam","hall":3}""");
        _api.Grains.Seed("c", """{"temp":"hot"}""", "{}", """{"site":"antwerp"}""");
        _api.Grains.Seed("d", """{"temp":1}""");
        _api.Grains.Seed("e", """{"temp":2}""", "{}", """{"site":["x"],"hall":3}""");

        var answer = await _client.Get("/twins/aggregate?group=tags/site,tags/hall&measure=avg(reported/temp),max(reported/temp),min(reported/temp),sum(reported/temp),count,count(reported/temp)");

        Assert.Equal(
            """
            {"groups":[
            {"group":{"tags/site":"antwerp","tags/hall":null},"measures":{"avg(reported/temp)":null,"max(reported/temp)":null,"min(reported/temp)":null,"sum(reported/temp)":null,"count":1,"count(reported/temp)":1}},
            {"group":{"tags/site":"rotterdam","tags/hall":3},"measures":{"avg(reported/temp)":50.25,"max(reported/temp)":80.5,"min(reported/temp)":20,"sum(reported/temp)":100.5,"count":2,"count(reported/temp)":2}},
            {"group":{"tags/hall":3},"other":["tags/site"],"measures":{"avg(reported/temp)":2,"max(reported/temp)":2,"min(reported/temp)":2,"sum(reported/temp)":2,"count":1,"count(reported/temp)":1}},
            {"group":{"tags/site":null,"tags/hall":null},"measures":{"avg(reported/temp)":1,"max(reported/temp)":1,"min(reported/temp)":1,"sum(reported/temp)":1,"count":1,"count(reported/temp)":1}}
            ]}
            """.ReplaceLineEndings(string.Empty),
            answer.Is(200).Body);
        Assert.Equal("application/json", answer.ContentType);
    }

    [Fact]
    public async Task Without_a_measure_twins_are_counted_and_without_a_group_all_of_them()
    {
        Assert.Equal("""{"groups":[{"group":{},"measures":{"count":0}}]}""", (await _client.Get("/twins/aggregate")).Is(200).Body);
        Assert.Equal("""{"groups":[]}""", (await _client.Get("/twins/aggregate?group=tags/a")).Is(200).Body);

        _api.Grains.Seed("a", tags: """{"a":1}""");
        _api.Grains.Seed("b", tags: """{"a":2}""");

        Assert.Equal("""{"groups":[{"group":{},"measures":{"count":2}}]}""", (await _client.Get("/twins/aggregate?group=&measure=")).Is(200).Body);
        Assert.Equal("""{"groups":[{"group":{},"measures":{"count":1}}]}""", (await _client.Get("/twins/aggregate?filter=eq(tags/a,2)")).Is(200).Body);
        Assert.Equal("eq(tags/a,2)", _api.Grains.Fleet.LastAggregation!.Query.Filter);
    }

    [Fact]
    public async Task Every_kind_of_value_is_told_as_what_it_is()
    {
        var time = new SortValue(SortValueKind.Time, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).ToUnixTimeMilliseconds());
        SortValue[] keys =
        [
            new(SortValueKind.False), new(SortValueKind.True), new(SortValueKind.Number, -0.0), new(SortValueKind.Number, 1e300),
            new(SortValueKind.Number, double.PositiveInfinity), time, new(SortValueKind.Text, Text: "\"é\u0001"), new(SortValueKind.Other), SortValue.Missing,
            new(QueryNumber.Parse("8944500112345678901")), new(SortValueKind.Number, 8944500112345678848),
        ];
        _api.Grains.Fleet.Groups = new FleetGroups(Array.ConvertAll(
            keys, key => new TwinGroup([key], [new GroupFigure(2, double.MaxValue * 2, SortValue.Missing), new GroupFigure(1, 0, time)])));

        var groups = (await _client.Get("/twins/aggregate?group=tags/a&measure=sum(tags/a),max(createdAt)")).Is(200).Json["groups"]!.AsArray();

        Assert.Equal(
            [
                """{"tags/a":false}""", """{"tags/a":true}""", """{"tags/a":0}""", """{"tags/a":1E+300}""", "{}",
                """{"tags/a":"2026-01-02T03:04:05.678Z"}""", """{"tags/a":"\"é\u0001"}""", "{}", """{"tags/a":null}""",
                """{"tags/a":8944500112345678901}""", """{"tags/a":8944500112345678848}""",
            ],
            groups.Select(group => group!["group"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })));
        Assert.Equal([4, 7], groups.Index().Where(group => group.Item!["other"] is not null).Select(group => group.Index));
        Assert.All(groups, group => Assert.Equal("""{"sum(tags/a)":null,"max(createdAt)":"2026-01-02T03:04:05.678Z"}""", group!["measures"]!.ToJsonString()));
    }

    [Fact]
    public async Task Too_many_groups_are_refused_with_the_remedy()
    {
        _api.Grains.Fleet.Groups = new FleetGroups(null);

        var detail = (await _client.Get("/twins/aggregate?group=id")).IsProblem(400, "too-many-groups");

        Assert.Contains("group id makes more than 10000 groups, or groups with more than 4194304 bytes of text; group by", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group=tags", "group-invalid")]
    [InlineData("group=tags/a,,", "group-invalid")]
    [InlineData("measure=median(tags/a)", "measure-invalid")]
    [InlineData("measure=avg", "measure-invalid")]
    public async Task What_can_not_be_grouped_or_measured_is_told(string query, string code) =>
        Assert.Contains("at character ", (await _client.Get("/twins/aggregate?" + query)).IsProblem(400, code), StringComparison.Ordinal);
}
