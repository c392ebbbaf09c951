using Twins.Tests.Harness;

namespace Twins.Clients.Tests;

/// <summary>The description of the API is valid, and the one in <c>docs</c> is the one that is served.</summary>
public sealed class DescriptionTests(RunningPlatform platform)
{
    [Fact]
    public async Task The_description_in_docs_is_the_one_that_is_served()
    {
        var path = Path.Combine(Repository.Root, "docs", "openapi.json");
        var served = await platform.Served();

        Assert.True(served == await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), "docs/openapi.json is out of date; start the platform and run: curl -s http://127.0.0.1:8080/swagger/v1/swagger.json -o docs/openapi.json");
    }

    [Fact]
    public async Task Spectral_finds_nothing()
    {
        Require.Components(Component.Node, Component.Npm);
        var document = await NodePackage.TypeScript.Write("spectral.json", await platform.Served());

        await NodePackage.TypeScript.Run("node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--fail-severity=hint", document);
    }

    [Fact]
    public async Task Redocly_finds_nothing()
    {
        Require.Components(Component.Node, Component.Npm);
        var document = await NodePackage.TypeScript.Write("redocly.json", await platform.Served());

        await NodePackage.TypeScript.Run("redocly.mjs", document);
    }
}
