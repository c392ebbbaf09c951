using Twins.Tests.Harness;

namespace Twins.Deploy.Tests;

/// <summary>The files of <c>deploy/</c>.</summary>
internal static class Deployment
{
    /// <summary>The full path of a file or folder below <c>deploy/</c>.</summary>
    public static string PathOf(string relative) => Path.Combine(Repository.Root, "deploy", relative);

    /// <summary>The text of a file below <c>deploy/</c>.</summary>
    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>The names and values of a file of the form <c>NAME=value</c>.</summary>
    public static Dictionary<string, string> ReadEnvironment(string relative) => File.ReadLines(PathOf(relative))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
