using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace Twins.Benchmarks;

/// <summary>
/// This program with another verb, in a process of its own: it says a line when it is ready, and then answers each line with one.
/// </summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(16);
    private readonly string _verb;
    private readonly ChildProcess _process;

    private WorkerProcess(string verb, IEnumerable<string> arguments)
    {
        _verb = verb;
        _process = ChildProcess.Start(
            "dotnet",
            [typeof(WorkerProcess).Assembly.Location, verb, .. arguments],
            onOutput: line => _lines.Writer.TryWrite(line));
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it; returns when it is ready.</summary>
    public static async Task<WorkerProcess> Start(string verb, IEnumerable<string> arguments)
    {
        var worker = new WorkerProcess(verb, arguments);
        try
        {
            await worker.Answer();
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says a line; returns what the answer is in JSON.</summary>
    public async Task<T> Ask<T>(string command)
    {
        await _process.Input.WriteLineAsync(command);
        await _process.Input.FlushAsync();
        return JsonSerializer.Deserialize<T>(await Answer())!;
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<string> Answer()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var reading = _lines.Reader.ReadAsync().AsTask();
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, timer.WaitForNextTickAsync().AsTask());
            if (_process.HasExited && !reading.IsCompleted)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"\"{_verb}\" ended with {_process.ExitCode}; its output:\n{_process.Output}"));
            }
        }

        return await reading;
    }
}
