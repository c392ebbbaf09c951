namespace Twins.Benchmarks.Load;

/// <summary>A <see cref="LoadGenerator"/>, seen from the benchmark.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly WorkerProcess _process;

    private LoadProcess(WorkerProcess process) => _process = process;

    /// <summary>Starts it; returns when all connections are open.</summary>
    public static async Task<LoadProcess> Open(LoadPlan plan) => new(await WorkerProcess.Start(LoadGenerator.Verb, plan.ToArguments()));

    /// <summary>One message for each device, so that there is a twin of it.</summary>
    public Task<LoadResult> Each(int first, int count) => Ask($"each {first} {count}");

    /// <summary>Messages for the devices in turn, for so long.</summary>
    public Task<LoadResult> For(int first, int count, int seconds) => Ask($"for {first} {count} {seconds}");

    /// <summary>So many messages for each of the devices.</summary>
    public Task<LoadResult> Send(int first, int count, int messages) => Ask($"send {first} {count} {messages}");

    /// <summary>As <see cref="For"/>, at no more than so many messages a second.</summary>
    public Task<LoadResult> Paced(int first, int count, int seconds, int rate) => Ask($"paced {first} {count} {seconds} {rate}");

    /// <summary>As <see cref="Paced"/>, evenly: the connections do not send all at the same moment.</summary>
    public Task<LoadResult> Even(int first, int count, int seconds, int rate) => Ask($"even {first} {count} {seconds} {rate}");

    /// <summary>
    /// Resets all connections, makes them again at once, and has each of the devices send a message. The percentiles are of
    /// the time until a connection was there, the seconds until everything was acknowledged.
    /// </summary>
    public Task<LoadResult> Reconnect(int first, int count) => Ask($"reconnect {first} {count}");

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private Task<LoadResult> Ask(string command) => _process.Ask<LoadResult>(command);
}
