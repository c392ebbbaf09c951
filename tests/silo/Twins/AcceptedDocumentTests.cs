using System.Text;
using Twins.Contracts.Twins;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

/// <summary>Whatever document is accepted can be compared, patched and deleted.</summary>
[Collection("silo")]
public sealed class AcceptedDocumentTests(SiloFixture silo)
{
    [Theory]
    [InlineData("1e99999999999", "2")]
    [InlineData("1e99999999999", "1e99999999999")]
    [InlineData("-1e-99999999999", "1e99999999998")]
    [InlineData("[1e99999999999999999999]", "[1e99999999999999999998]")]
    public async Task Numbers_of_any_exponent_can_be_replaced(string first, string second)
    {
        var id = silo.NewId();
        Assert.True((await Write(id, WriteVerb.Replace, [], $$$"""{"desired":{"h":{{{first}}}},"tags":{"h":{{{first}}}}}""")).Created);

        Assert.Null((await Write(id, WriteVerb.Merge, [], $$$"""{"desired":{"h":{{{second}}}},"tags":{"h":{{{second}}}}}""")).Problem);
        Assert.Null((await Write(id, WriteVerb.Replace, ["desired", "h"], first)).Problem);
        Assert.Null((await Write(id, WriteVerb.Patch, ["desired"], $$"""[{"op":"test","path":"/h","value":{{first}}},{"op":"replace","path":"/h","value":{{second}}}]""")).Problem);
        Assert.Equal(MessageOutcomeKind.Applied, Assert.Single(await silo.Twin(id).Apply([Messages.Reported($$"""{"h":{{first}}}""")])).Kind);
        Assert.Equal(MessageOutcomeKind.Applied, Assert.Single(await silo.Twin(id).Apply([Messages.Reported($$"""{"h":{{second}}}""")])).Kind);
        var document = Encoding.UTF8.GetString((await silo.Twin(id).Get())!.Document);
        Assert.Contains($"\"desired\":{{\"h\":{second}}}", document, StringComparison.Ordinal);
        Assert.Null((await silo.Twin(id).Delete(null)).Problem);
    }

    [Theory]
    [InlineData("""[{"op":"add","path":"/tags/a","value":null}]""", "/tags/a")]
    [InlineData("""[{"op":"replace","path":"/tags/site","value":null}]""", "/tags/site")]
    [InlineData("""[{"op":"add","path":"/tags/a","value":{"b":null}}]""", "/tags/a/b")]
    [InlineData("""[{"op":"replace","path":"/desired","value":null}]""", "/desired")]
    [InlineData("""[{"op":"replace","path":"/tags/site","value":null},{"op":"remove","path":"/tags/site"}]""", null)]
    [InlineData("""[{"op":"add","path":"/tags/a","value":[null]}]""", null)]
    [InlineData("""[{"op":"add","path":"/model","value":null}]""", null)]
    public async Task A_patch_to_null_is_refused(string patch, string? pointer)
    {
        var id = silo.NewId();
        await Write(id, WriteVerb.Replace, [], """{"tags":{"site":"delft"},"desired":{"a":1}}""");

        var result = await Write(id, WriteVerb.Patch, [], patch);

        Assert.Equal((pointer is null ? null : "patch-null", pointer), (result.Problem?.Code, result.Problem?.Pointer));
    }

    [Theory]
    [InlineData("""[{"op":"add","path":"/a","value":null}]""", "/tags/a")]
    [InlineData("""[{"op":"replace","path":"","value":null}]""", "/tags")]
    public async Task A_patch_of_a_section_to_null_is_refused(string patch, string pointer)
    {
        var id = silo.NewId();
        await Write(id, WriteVerb.Replace, [], """{"tags":{"site":"delft"}}""");

        var result = await Write(id, WriteVerb.Patch, ["tags"], patch);

        Assert.Equal(("patch-null", pointer), (result.Problem?.Code, result.Problem?.Pointer));
    }

    private Task<TwinWriteResult> Write(string id, WriteVerb verb, string[] target, string body) =>
        silo.Twin(id).Write(new TwinWrite(verb, target, Encoding.UTF8.GetBytes(body)));
}
