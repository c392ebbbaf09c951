using System.Text.Json.Nodes;
using NJsonSchema;
using Twins.Simulators.Kinds;
using Twins.Simulators.Plans;
using Xunit;

namespace Twins.Simulators.Tests.Plans;

public sealed class SchemaTests
{
    private static readonly string SchemaFile = Repository.Find("simulators/fleet.schema.json");
    private static readonly string Folder = Path.GetDirectoryName(SchemaFile)!;

    public static TheoryData<string> Examples => [.. Directory.EnumerateFiles(Path.Combine(Folder, "examples"), "*.yaml").Select(static path => Path.GetFileName(path)).Order()];

    public static TheoryData<string> Kinds => [.. KindLibrary.All];

    [Fact]
    public void Schema_and_parser_know_the_same_keys()
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaFile))!;
        var parts = schema["definitions"]!.AsObject()
            .Where(static part => part.Value!["properties"] is not null)
            .ToDictionary(static part => part.Key, static part => Keys(part.Value!));
        parts["fleet"] = Keys(schema);
        Assert.Equal(FleetKeys.Of.Keys.Order(), parts.Keys.Order());
        foreach (var (part, keys) in FleetKeys.Of)
        {
            Assert.Equal([$"{part}:", .. keys.Order()], [$"{part}:", .. parts[part]]);
        }

        static List<string> Keys(JsonNode part) => [.. part["properties"]!.AsObject().Select(static key => key.Key).Order()];
    }

    [Fact]
    public void Every_key_is_explained()
    {
        var schema = JsonNode.Parse(File.ReadAllText(SchemaFile))!;
        foreach (var (part, definition) in schema["definitions"]!.AsObject().Append(new("fleet", schema)))
        {
            foreach (var (key, value) in definition!["properties"]?.AsObject() ?? [])
            {
                var description = value!["description"] ?? schema["definitions"]![value["$ref"]?.GetValue<string>().Split('/')[^1] ?? "-"]?["description"];
                Assert.True(description?.GetValue<string>().EndsWith('.'), $"{key} of {part} has no description");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Examples_are_right(string file)
    {
        var path = Path.Combine(Folder, "examples", file);
        var plan = FleetFile.Load(path);
        Assert.InRange(plan.Kinds.Sum(static kind => kind.Count), 5, 50);
        Assert.StartsWith("# yaml-language-server: $schema=../fleet.schema.json\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await ValidateAsync(file, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_example_shows_every_fault() =>
        Assert.Equal(Enum.GetValues<FaultKind>(), FleetFile.Load(Path.Combine(Folder, "examples", "storm.yaml")).Faults.Select(static fault => fault.Kind).Distinct().Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Kinds_of_the_library_are_right(string kind) => ValidateAsync(kind, KindLibrary.Yaml(kind));

    [Theory]
    [InlineData("kinds: {pump: {cuont: 5}}")]
    [InlineData("kinds: {pump: {report: 5}}")]
    [InlineData("kinds: {pump: }\nfaults: [{stuck: {at: 1s}}]")]
    [InlineData("kinds: {a: {properties: {b: {walk: {}}}}}")]
    public async Task What_the_parser_refuses_an_editor_underlines(string text)
    {
        Assert.Throws<FleetFileException>(() => FleetFile.Parse("fleet.yaml", text));
        Assert.NotEmpty((await JsonSchema.FromFileAsync(SchemaFile, TestContext.Current.CancellationToken)).Validate(Json(text)));
    }

    private static async Task ValidateAsync(string name, string text)
    {
        var errors = (await JsonSchema.FromFileAsync(SchemaFile, TestContext.Current.CancellationToken)).Validate(Json(text));
        Assert.True(errors.Count == 0, $"{name}: {string.Join("; ", errors)}");
    }

    private static string Json(string text) => JsonOf.Text(YamlDocument.Parse("fleet.yaml", text, new Mistakes()));
}
