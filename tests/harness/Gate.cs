namespace Twins.Tests.Harness;

/// <summary>Lets through while it is open. Safe for any thread.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _opened = Open(new());

    /// <summary>Completes when it is open.</summary>
    public Task Opened(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    public void Close() => _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => Open(_opened);

    private static TaskCompletionSource Open(TaskCompletionSource gate)
    {
        gate.TrySetResult();
        return gate;
    }
}
