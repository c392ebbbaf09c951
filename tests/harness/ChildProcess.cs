using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Twins.Tests.Harness;

/// <summary>
/// A process that these tests started: its output is kept to show when a test fails, and it ends with the tests
/// whatever happens to them.
/// </summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 2_000;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private static readonly ConcurrentDictionary<int, Process> s_running = new();

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Task _reading;

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in s_running.Values)
        {
            Kill(process);
        }
    };

    private ChildProcess(Process process, Action<string>? onOutput)
    {
        _process = process;
        s_running[process.Id] = process;
        _reading = Task.WhenAll(Read(process.StandardOutput, onOutput), Read(process.StandardError, null));
    }

    /// <summary>Its own id.</summary>
    public int Id => _process.Id;

    /// <summary>It is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>How it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines of its standard output and standard error, as they came.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>To talk to it.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts a program.</summary>
    /// <param name="onOutput">Is given each line of standard output, which is then not kept.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        Action<string>? onOutput = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? FrozenDictionary<string, string>.Empty)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!, onOutput);
    }

    /// <summary>Ends it as <c>kill -9</c> does, and returns when it is gone.</summary>
    public async Task Kill()
    {
        Kill(_process);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop (SIGTERM) and waits for its end.</summary>
    public async Task<int> Terminate(TimeSpan deadline)
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, SigTerm);
        }

        return await WaitForExit(deadline);
    }

    /// <summary>Stops it as a debugger does (SIGSTOP): it is there, its connections too, and it does nothing. Returns when it stands still.</summary>
    public async Task Pause()
    {
        _ = SendSignal(_process.Id, SigStop);
        // The state follows the name, which is in parentheses (proc_pid_stat(5)).
        await Eventually.Is(
            async () => (await File.ReadAllTextAsync($"/proc/{_process.Id}/stat")).Split(')')[^1].StartsWith(" T", StringComparison.Ordinal),
            "a process to stand still");
    }

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume() => _ = SendSignal(_process.Id, SigCont);

    /// <summary>Waits for its end; kills it and throws at the deadline.</summary>
    public async Task<int> WaitForExit(TimeSpan deadline)
    {
        using var cancellation = new CancellationTokenSource(deadline);
        try
        {
            await _process.WaitForExitAsync(cancellation.Token);
        }
        catch (OperationCanceledException e)
        {
            await Kill();
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {deadline.TotalSeconds:0.#} s; its output:\n{Output}", e);
        }

        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        await _reading;
        s_running.TryRemove(_process.Id, out _);
        _process.Dispose();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // Gone already, which is what was asked for.
        }
    }

    private async Task Read(StreamReader reader, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (onLine is not null)
            {
                onLine(line);
                continue;
            }

            _output.Enqueue(line);
            while (_output.Count > KeptLines)
            {
                _output.TryDequeue(out _);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int processId, int signal);
}
