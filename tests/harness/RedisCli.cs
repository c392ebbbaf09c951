namespace Twins.Tests.Harness;

/// <summary>Asks a Redis of a test.</summary>
public static class RedisCli
{
    /// <summary>Runs one command; returns what redis-cli prints.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        await using var cli = ChildProcess.Start(Component.RedisCli.RequiredPath, arguments);
        var code = await cli.WaitForExit(Eventually.Deadline);
        return code == 0 ? cli.Output : throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)} ended with {code}:\n{cli.Output}");
    }
}
