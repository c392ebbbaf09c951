namespace Twins.Simulators.Tests;

/// <summary>Where this repository lies, seen from the tests' binaries.</summary>
internal static class Repository
{
    /// <summary>A file by its path from the repository's root, or null where it is not there.</summary>
    public static string? Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Twins.sln")))
            {
                // Beside the repository, or one folder further up.
                string[] candidates = [Path.Combine(folder.FullName, path), Path.Combine(folder.FullName, "..", path)];
                return candidates.FirstOrDefault(File.Exists);
            }
        }

        return null;
    }
}
