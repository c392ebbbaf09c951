using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;

namespace Twins.Benchmarks.Load;

/// <summary>A <see cref="LoadGenerator"/>, seen from the benchmark.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(16);
    private readonly ChildProcess _process;

    private LoadProcess(LoadPlan plan) => _process = ChildProcess.Start(
        "dotnet",
        [typeof(LoadProcess).Assembly.Location, LoadGenerator.Verb, .. plan.ToArguments()],
        onOutput: line => _lines.Writer.TryWrite(line));

    /// <summary>Starts it; returns when all connections are open.</summary>
    public static async Task<LoadProcess> Open(LoadPlan plan)
    {
        var load = new LoadProcess(plan);
        await load.Answer();
        return load;
    }

    /// <summary>One message for each device, so that there is a twin of it.</summary>
    public Task<LoadResult> Each(int first, int count) => Ask($"each {first} {count}");

    /// <summary>Messages for the devices in turn, for so long.</summary>
    public Task<LoadResult> For(int first, int count, int seconds) => Ask($"for {first} {count} {seconds}");

    /// <summary>So many messages for each of the devices.</summary>
    public Task<LoadResult> Send(int first, int count, int messages) => Ask($"send {first} {count} {messages}");

    /// <summary>As <see cref="For"/>, at no more than so many messages a second.</summary>
    public Task<LoadResult> Paced(int first, int count, int seconds, int rate) => Ask($"paced {first} {count} {seconds} {rate}");

    /// <summary>
    /// Resets all connections, makes them again at once, and has each of the devices send a message. The percentiles are of
    /// the time until a connection was there, the seconds until everything was acknowledged.
    /// </summary>
    public Task<LoadResult> Reconnect(int first, int count) => Ask($"reconnect {first} {count}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<LoadResult> Ask(string command)
    {
        await _process.Input.WriteLineAsync(command);
        await _process.Input.FlushAsync();
        return JsonSerializer.Deserialize<LoadResult>(await Answer())!;
    }

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
                    string.Create(CultureInfo.InvariantCulture, $"the load ended with {_process.ExitCode}; its output:\n{_process.Output}"));
            }
        }

        return await reading;
    }
}
