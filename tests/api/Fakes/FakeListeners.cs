using Twins.Contracts.Events;

namespace Twins.Api.Tests.Fakes;

internal sealed class FakeListeners : IEventListenersGrain
{
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string? Name { get; private set; }

    public ITwinEventListener? Listener { get; private set; }

    public int Subscriptions { get; private set; }

    public Exception? Failure { get; set; }

    public int Refused { get; private set; }

    /// <summary>Completes with the first subscription.</summary>
    public Task Subscribed => _subscribed.Task;

    public Task Subscribe(string name, ITwinEventListener listener)
    {
        if (Failure is not null)
        {
            Refused++;
            throw Failure;
        }

        Name = name;
        Listener = listener;
        Subscriptions++;
        _subscribed.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Unsubscribe(string name)
    {
        Name = null;
        return Task.CompletedTask;
    }
}
