namespace Twins.Tests.Harness;

/// <summary>
/// The silo as the next release may look: the sources of this one in a temporary folder, with the version of the grains
/// raised, a member behind the others of a message, and a new call; built there.
/// </summary>
public sealed class NextVersion : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    private NextVersion()
    {
    }

    /// <summary>The built silo.</summary>
    public string Silo => _folder.In("out/Twins.Silo.dll");

    /// <summary>Builds it.</summary>
    public static async Task<NextVersion> Build()
    {
        var next = new NextVersion();
        try
        {
            next.CopySources();
            next.Change("contracts/GrainVersion.cs", "Current = 1;", "Current = 2;");
            next.Change("contracts/Twins/DeviceMessage.cs", "public sealed record DeviceMessage\n{\n", "public sealed record DeviceMessage\n{\n    [Id(1000)]\n    public string? Next { get; init; } = \"next\";\n\n");
            next.Change("contracts/Twins/ITwinGrain.cs", "    [Alias(\"get\")]\n", "    [Alias(\"next\")]\n    Task<TwinView?> Next();\n\n    [Alias(\"get\")]\n");
            next.Change("silo/Twins/TwinGrain.cs", "    public async Task<TwinView?> Get()\n", "    public Task<TwinView?> Next() => Get();\n\n    public async Task<TwinView?> Get()\n");
            await using var build = ChildProcess.Start(
                "dotnet",
                [
                    "build", next._folder.In("silo"), "-c", "Release", "-o", next._folder.In("out"), "-v", "quiet", "-nodeReuse:false",
                    // What the build of the product checks, it has checked.
                    "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:NuGetAudit=false", "-p:GenerateDocumentationFile=false",
                ],
                workingDirectory: next._folder.Path);
            var code = await build.WaitForExit(s_patience);
            return code == 0 ? next : throw new InvalidOperationException($"the next version does not build:\n{build.Output}");
        }
        catch
        {
            next.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Dispose();

    private void CopySources()
    {
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json"])
        {
            File.Copy(Path.Combine(Repository.Root, file), _folder.In(file));
        }

        foreach (var project in (string[])["contracts", "silo"])
        {
            var root = Path.Combine(Repository.Root, project);
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            {
                var relative = Path.GetRelativePath(root, file);
                if (relative.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj")
                {
                    continue;
                }

                var copy = _folder.In(Path.Combine(project, relative));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }
    }

    private void Change(string file, string from, string to)
    {
        var path = _folder.In(file);
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
