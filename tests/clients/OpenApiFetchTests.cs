using Twins.Tests.Harness;

namespace Twins.Clients.Tests;

/// <summary>A client of openapi-fetch, with types made by openapi-typescript, calls every operation.</summary>
public sealed class OpenApiFetchTests(RunningPlatform platform)
{
    [Fact]
    public async Task Calls_every_operation()
    {
        var url = await platform.Url(Component.Node, Component.Npm);
        var document = await NodePackage.TypeScript.Write("types.json", await platform.Served());

        await NodePackage.TypeScript.Run("node_modules/openapi-typescript/bin/cli.js", document, "--output", "twins.d.ts");
        await NodePackage.TypeScript.Run("node_modules/typescript/bin/tsc");
        await NodePackage.TypeScript.Run("out/calls.js", $"{url}".TrimEnd('/'));
    }
}
