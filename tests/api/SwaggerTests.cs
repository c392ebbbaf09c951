using System.Text.Json.Nodes;
using Twins.Contracts.Query;

namespace Twins.Api.Tests;

public sealed class SwaggerTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] SectionMethods = ["get", "put", "patch", "delete"];
    private readonly ApiClient _client = api.Client;

    /// <summary>The table of the design, line by line.</summary>
    public static IEnumerable<(string Path, string Method)> Routes =>
    [
        ("/twins", "get"),
        ("/twins/count", "get"),
        ("/twins/aggregate", "get"),
        ("/twins/{id}", "get"),
        ("/twins/{id}", "put"),
        ("/twins/{id}", "patch"),
        ("/twins/{id}", "delete"),
        .. from section in new[] { "tags", "desired", "reported" }
           from path in new[] { string.Empty, "/{path}" }
           from method in SectionMethods
           select ($"/twins/{{id}}/{section}{path}", method),
        ("/twins/{id}/commands/{command}", "post"),
        ("/twins/{id}/commands", "get"),
        ("/twins/{id}/commands/{command}", "get"),
        ("/twins/{id}/commands/{command}", "delete"),
        ("/twins/{id}/events", "get"),
        ("/events", "get"),
        ("/twins/watch", "get"),
        ("/live", "get"),
        ("/deadletters", "get"),
        ("/health/live", "get"),
        ("/health/ready", "get"),
    ];

    [Fact]
    public async Task Every_route_is_there_and_no_other()
    {
        var operations = await Operations();

        Assert.Equal(
            Routes.Select(route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal),
            operations.Select(operation => operation.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_route_is_named_summarised_and_described()
    {
        var operations = await Operations();

        Assert.All(operations, operation =>
        {
            Assert.Matches("^[A-Z][A-Za-z]+$", (string?)operation.Node["operationId"]);
            Assert.InRange(((string?)operation.Node["summary"] ?? string.Empty).Length, 5, 60);
            Assert.InRange(((string?)operation.Node["description"] ?? string.Empty).Length, 20, 4000);
            Assert.Single(operation.Node["tags"]!.AsArray());
        });
        Assert.Distinct(operations.Select(operation => (string)operation.Node["operationId"]!));
    }

    [Fact]
    public async Task Every_body_and_every_answer_has_an_example() =>
        Assert.All(await Operations(), operation =>
        {
            var bodies = operation.Node["requestBody"]?["content"]!.AsObject().ToArray() ?? [];
            if (operation.Name.Split(' ')[0] is "put" or "patch" or "post")
            {
                Assert.NotEmpty(bodies);
            }

            Assert.All(bodies, AssertHasExample);
            var answers = operation.Node["responses"]!.AsObject();
            Assert.Contains(answers, answer => answer.Key[0] == '2' || answer.Key == "101");
            Assert.All(answers, answer =>
            {
                if (answer.Key is not ("101" or "204" or "304"))
                {
                    Assert.All(answer.Value!["content"]!.AsObject(), AssertHasExample);
                }
            });
        });

    [Fact]
    public async Task Every_parameter_of_a_path_is_described_and_has_an_example() =>
        Assert.All(await Operations(), operation =>
        {
            var parameters = operation.Node["parameters"]?.AsArray() ?? [];
            Assert.All(parameters, parameter => Assert.False(string.IsNullOrEmpty((string?)parameter!["description"])));
            var inPath = operation.Name.Split('{').Skip(1).Select(part => part[..part.IndexOf('}', StringComparison.Ordinal)]);
            Assert.Equal(
                inPath,
                parameters.Where(parameter => (string?)parameter!["in"] == "path" && parameter["example"] is not null).Select(parameter => (string)parameter!["name"]!));
        });

    [Fact]
    public async Task The_examples_of_writes_work_against_the_demo_twin()
    {
        const string Id = "demo:pump-1";
        foreach (var operation in await Operations())
        {
            foreach (var (contentType, media) in operation.Node["requestBody"]?["content"]?.AsObject() ?? [])
            {
                api.Grains.Seed(Id, """{"setpoint":35,"motor":{"rpm":1450}}""", """{"setpoint":40}""", """{"site":"rotterdam","inspected":true}""");
                api.Grains.Twin(Id).Answer = (200, "{}");
                var (method, template) = (operation.Name.Split(' ')[0], operation.Name.Split(' ')[1]);
                var path = operation.Node["parameters"]!.AsArray()
                    .Where(parameter => (string?)parameter!["in"] == "path")
                    .Aggregate(template, (text, parameter) => text.Replace($"{{{parameter!["name"]}}}", (string)parameter["example"]!, StringComparison.Ordinal));

                var answer = await _client.Send(new HttpMethod(method.ToUpperInvariant()), path, media!["example"]!.ToJsonString(), contentType);

                Assert.True(answer.Status is 200 or 201, $"{operation.Name} as {contentType}: {answer.Status} {answer.Body}");
            }
        }
    }

    [Fact]
    public async Task The_examples_of_queries_work_as_they_stand()
    {
        api.Grains.Seed("demo:pump-1", """{"temperature":35}""", "{}", """{"site":"rotterdam"}""");
        api.Grains.Seed("demo:thermostat-1", """{"temperature":21}""", "{}", """{"site":"antwerp"}""");
        foreach (var route in new[] { "/twins", "/twins/count", "/twins/aggregate" })
        {
            var operation = (await Operations()).Single(operation => operation.Name == "get " + route);
            var examples = operation.Node["parameters"]!.AsArray()
                .Where(parameter => (string?)parameter!["in"] == "query" && parameter["example"] is not null)
                .Select(parameter => $"{parameter!["name"]}={Uri.EscapeDataString((string)parameter["example"]!)}")
                .ToArray();
            Assert.Contains(examples, example => example.StartsWith("filter=", StringComparison.Ordinal));

            var answer = (await _client.Get($"{route}?{string.Join('&', examples)}")).Is(200);

            Assert.Contains(answer.Json.AsObject().First().Value!.ToJsonString(), text => text is >= '1' and <= '9');
        }
    }

    [Fact]
    public async Task Every_filter_that_is_described_is_one()
    {
        var described =
            from operation in await Operations()
            from parameter in operation.Node["parameters"]?.AsArray() ?? []
            where (string?)parameter!["name"] == "filter"
            from text in ((string)parameter["description"]!).Split('`').Where(text => text.EndsWith(')')).Append((string?)parameter["example"])
            where text is not null
            select text;

        Assert.NotEmpty(described);
        Assert.All(described.Distinct(), text => Assert.True(Rql.TryParseFilter(text, out _, out var problem), $"{text}: {problem?.Detail}"));
    }

    [Fact]
    public async Task The_problem_of_a_filter_is_the_one_that_is_told()
    {
        var examples = (await Operations()).Single(operation => operation.Name == "get /twins/count").Node["responses"]!["400"]!["content"]!["application/problem+json"]!["examples"]!;

        Assert.Equal(
            (await _client.Get("/twins/count?filter=eq(tags/site,1")).IsProblem(400, "filter-invalid"),
            (string?)examples["filter-invalid"]!["value"]!["detail"]);
    }

    [Theory]
    [InlineData("get /twins", "/twins?limit=1000", "parameter-invalid")]
    [InlineData("get /deadletters", "/deadletters?limit=1000", "parameter-invalid")]
    public async Task Problem_of_a_parameter_is_the_one_described(string operation, string request, string code)
    {
        var content = (await Operations()).Single(one => one.Name == operation).Node["responses"]!["400"]!["content"]!["application/problem+json"]!;
        var described = (content["examples"]?[code]?["value"] ?? content["example"])!["detail"];

        Assert.Equal((await _client.Get(request)).IsProblem(400, code), (string?)described);
    }

    [Fact]
    public async Task The_page_is_there()
    {
        Assert.Contains("swagger-ui", (await _client.Get("/swagger/index.html")).Is(200).Body, StringComparison.Ordinal);
        (await _client.Get("/swagger/swagger-ui-bundle.js")).Is(200);
    }

    private static void AssertHasExample(KeyValuePair<string, JsonNode?> media)
    {
        var examples = media.Value!["examples"]?.AsObject().Select(example => example.Value!["value"]) ?? [media.Value!["example"]];
        Assert.All(examples, example => Assert.NotNull(example));
        Assert.NotEmpty(examples);
    }

    private async Task<List<(string Name, JsonNode Node)>> Operations()
    {
        var document = (await _client.Get("/swagger/v1/swagger.json")).Is(200).Json;
        return
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               select ($"{operation.Key} {path.Key}", operation.Value!),
        ];
    }
}
