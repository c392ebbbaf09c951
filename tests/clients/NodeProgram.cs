using System.Collections.Concurrent;
using Twins.Tests.Harness;

namespace Twins.Clients.Tests;

/// <summary>Runs the programs of <c>tests/clients/typescript</c>, in the folder of the built tests.</summary>
internal static class NodeProgram
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "typescript");
    private static readonly Lazy<Task<string?>> s_install = new(Install);

    /// <summary>Writes a file beside the programs.</summary>
    public static async Task<string> Write(string name, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(s_folder, name), text);
        return name;
    }

    /// <summary>Runs a program to its end, which must be a success. Skips the test if its packages can not be installed.</summary>
    public static async Task Run(string program, params string[] arguments)
    {
        var refused = await s_install.Value;
        Assert.SkipWhen(refused is not null, $"npm could not install what is in package-lock.json: {refused}");
        var (code, output) = await End(Component.Node, [program, .. arguments]);
        Assert.True(code == 0, $"{program} ended with {code}:\n{output}");
    }

    private static async Task<string?> Install()
    {
        var (code, output) = await End(Component.Npm, ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]);
        return code == 0 ? null : output;
    }

    private static async Task<(int Code, string Output)> End(Component component, string[] arguments)
    {
        var lines = new ConcurrentQueue<string>();
        await using var process = ChildProcess.Start(component.RequiredPath, arguments, workingDirectory: s_folder, onOutput: lines.Enqueue);
        process.Input.Close();
        var code = await process.WaitForExit(s_deadline);
        return (code, string.Join('\n', [.. lines, process.Output]));
    }
}
