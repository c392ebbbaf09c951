namespace Twins.Tests.Harness;

/// <summary>Redis' own command-line client.</summary>
public static class RedisCli
{
    /// <summary>Runs it; returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed, or Redis answered with an error.</exception>
    public static async Task<string> Run(params string[] arguments)
    {
        await using var cli = ChildProcess.Start(Component.RedisCli.RequiredPath, ["-e", .. arguments]);
        var code = await cli.WaitForExit(Eventually.Deadline);
        return code == 0 ? cli.Output : throw new InvalidOperationException($"redis-cli {string.Join(' ', arguments)} ended with {code}:\n{cli.Output}");
    }
}
