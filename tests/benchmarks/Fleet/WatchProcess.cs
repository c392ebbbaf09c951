namespace Twins.Benchmarks.Fleet;

/// <summary>A <see cref="WatchGenerator"/>, seen from the benchmark.</summary>
internal sealed class WatchProcess : IAsyncDisposable
{
    private readonly WorkerProcess _process;

    private WatchProcess(WorkerProcess process) => _process = process;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it; returns when all streams are open.</summary>
    public static async Task<WatchProcess> Open(WatchPlan plan) => new(await WorkerProcess.Start(WatchGenerator.Verb, plan.ToArguments()));

    /// <summary>Counts what is sent from now on.</summary>
    public Task Begin() => _process.Ask<WatchResult>("begin");

    /// <summary>What has come up to now.</summary>
    public Task<WatchResult> Result() => _process.Ask<WatchResult>("result");

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
