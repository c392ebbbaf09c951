using System.Collections.Concurrent;
using Twins.Tests.Harness;

namespace Twins.Clients.Tests;

/// <summary>A package for Node in a folder of the built tests.</summary>
internal sealed class NodePackage
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly Lazy<Task<string?>> _install;

    private NodePackage(string name)
    {
        _folder = Path.Combine(AppContext.BaseDirectory, name);
        _install = new(Install);
    }

    /// <summary><c>tests/clients/typescript</c>.</summary>
    public static NodePackage TypeScript { get; } = new("typescript");

    /// <summary><c>examples/javascript</c>.</summary>
    public static NodePackage Example { get; } = new("javascript");

    /// <summary>Writes a file beside the programs.</summary>
    public async Task<string> Write(string name, string text)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, name), text);
        return name;
    }

    /// <summary>Runs a program to its end, which must be a success. Skips the test if the packages can not be installed.</summary>
    public async Task Run(string program, params string[] arguments)
    {
        await Installed();
        var (code, output) = await End(Component.Node, [program, .. arguments]);
        Assert.True(code == 0, $"{program} ended with {code}:\n{output}");
    }

    /// <summary>Starts a program. Skips the test if the packages can not be installed.</summary>
    public async Task<ChildProcess> Start(string program, params string[] arguments)
    {
        await Installed();
        return ChildProcess.Start(Component.Node.RequiredPath, [program, .. arguments], workingDirectory: _folder);
    }

    private async Task Installed()
    {
        var refused = await _install.Value;
        Assert.SkipWhen(refused is not null, $"npm could not install what is in package-lock.json: {refused}");
    }

    private async Task<string?> Install()
    {
        var (code, output) = await End(Component.Npm, ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]);
        return code == 0 ? null : output;
    }

    private async Task<(int Code, string Output)> End(Component component, string[] arguments)
    {
        var lines = new ConcurrentQueue<string>();
        await using var process = ChildProcess.Start(component.RequiredPath, arguments, workingDirectory: _folder, onOutput: lines.Enqueue);
        process.Input.Close();
        var code = await process.WaitForExit(s_deadline);
        return (code, string.Join('\n', [.. lines, process.Output]));
    }
}
