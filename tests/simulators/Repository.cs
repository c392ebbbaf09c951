namespace Twins.Simulators.Tests;

/// <summary>Locates files of this repository from the folder in which these tests were built.</summary>
internal static class Repository
{
    /// <summary>Gets the full path of a file from its path in the repository.</summary>
    /// <exception cref="FileNotFoundException">The repository has no such file.</exception>
    public static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Twins.sln")) && Path.Combine(folder.FullName, path) is var file && File.Exists(file))
            {
                return file;
            }
        }

        throw new FileNotFoundException($"the repository above {AppContext.BaseDirectory} has no file {path}");
    }
}
