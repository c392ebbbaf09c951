using System.Collections.Concurrent;

namespace Twins.Tests.Harness;

/// <summary>The simulator as a user runs it: a process, its arguments, and what it says.</summary>
public sealed class Simulator : IAsyncDisposable
{
    /// <summary>Ours run for seconds; this is for one that hangs.</summary>
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ChildProcess _process;

    private Simulator(string[] arguments) => _process = ChildProcess.Start(
        "dotnet", [Repository.Program("simulators", "Twins.Simulators.dll"), .. arguments], onOutput: _lines.Enqueue);

    /// <summary>It is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has said on standard error.</summary>
    public string Errors => _process.Output;

    /// <summary>The folder of the examples.</summary>
    public static string Examples => Path.Combine(Repository.Root, "simulators", "examples");

    /// <summary>Starts it and returns at once.</summary>
    public static Simulator Start(params string[] arguments) => new(arguments);

    /// <summary>Runs it to its end.</summary>
    public static async Task<SimulatorEnd> Run(params string[] arguments)
    {
        await using var simulator = Start(arguments);
        return await simulator.End();
    }

    /// <summary>Runs a fleet to its end; the summary is JSON.</summary>
    public static Task<SimulatorEnd> RunFleet(string file, int port, params string[] more) => Run(FleetArguments(file, port, more));

    /// <summary>Starts a fleet and returns at once; the summary is JSON.</summary>
    public static Simulator StartFleet(string file, int port, params string[] more) => Start(FleetArguments(file, port, more));

    /// <summary>Compares a ledger with a platform; the report is JSON.</summary>
    public static Task<SimulatorEnd> Verify(string ledger, Platform platform, params string[] more) =>
        Verify(ledger, platform.Twins.Url, more);

    /// <summary>Compares a ledger with a platform; the report is JSON.</summary>
    public static Task<SimulatorEnd> Verify(string ledger, Uri api, params string[] more) =>
        Run(["verify", ledger, "--api", api.ToString(), "--json", .. more]);

    /// <summary>Waits for its end.</summary>
    public async Task<SimulatorEnd> End()
    {
        var code = await _process.WaitForExit(s_deadline);
        return new SimulatorEnd(code, string.Join('\n', _lines), Errors);
    }

    /// <summary>Ends it in good order, as Ctrl-C does.</summary>
    public async Task<SimulatorEnd> Stop()
    {
        var code = await _process.Terminate(s_deadline);
        return new SimulatorEnd(code, string.Join('\n', _lines), Errors);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string[] FleetArguments(string file, int port, string[] more) =>
        ["run", file, "--broker", $"mqtt://127.0.0.1:{port}", "--json", "--quiet", .. more];
}
