namespace Twins.Tests.Harness;

/// <summary>A test that starts things of its own, which end with it: the last first.</summary>
public abstract class OwningTest : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _ours = [];

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var thing in Enumerable.Reverse(_ours))
        {
            if (thing is TwinsProcess twins)
            {
                TestOutput.ShowIfFailed(twins);
            }

            await thing.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes of something when the test ends. Safe for any thread.</summary>
    protected T Ours<T>(T thing)
        where T : IAsyncDisposable
    {
        lock (_ours)
        {
            _ours.Add(thing);
        }

        return thing;
    }
}
