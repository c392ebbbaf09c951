namespace Twins.Tests.Harness;

/// <summary>Locates the built product and the recordings from the folder in which these tests were built.</summary>
public static class Repository
{
    /// <summary>The folder of <c>Twins.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary><c>Release</c> or <c>Debug</c>: the product is taken as it was built together with these tests.</summary>
    private static string Configuration { get; } =
        AppContext.BaseDirectory.Contains("/bin/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    /// <summary>A built program of the product, e.g. <c>("api", "Twins.Api.dll")</c>.</summary>
    public static string Program(string project, string assembly)
    {
        var path = Path.Combine(Root, project, "bin", Configuration, "net10.0", assembly);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not built; run: dotnet build -c {Configuration} Twins.sln");
    }

    /// <summary>Gets the path of a file in <c>tests/recordings</c>.</summary>
    public static string Recording(string name) => Path.Combine(Root, "tests", "recordings", name);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Twins.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Twins.sln above {AppContext.BaseDirectory}");
    }
}
