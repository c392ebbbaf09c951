namespace Twins.Simulators.Fleet;

/// <summary>A wait on the fleet's scheduler.</summary>
internal sealed class ScheduledDelay : IScheduled
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;

    public ScheduledDelay(CancellationToken cancellationToken) =>
        _registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), _done);

    public Task Task => _done.Task;

    public void Due()
    {
        _registration.Dispose();
        _done.TrySetResult();
    }
}
