using Twins.Contracts.Events;

namespace Twins.Api.Tests.Fakes;

internal sealed class FakeListeners : IEventListenersGrain
{
    public string? Name { get; private set; }

    public ITwinEventListener? Listener { get; private set; }

    public int Subscriptions { get; private set; }

    public Exception? Failure { get; set; }

    public int Refused { get; private set; }

    /// <summary>Whether it wants documents.</summary>
    public bool Documents { get; private set; }

    /// <summary>What the grain would call its memory.</summary>
    public string Memory { get; set; } = "first";

    public Task<string> Subscribe(string name, ITwinEventListener listener, bool waits = false)
    {
        if (Failure is not null)
        {
            Refused++;
            throw Failure;
        }

        Name = name;
        Listener = listener;
        Subscriptions++;
        return Task.FromResult(Memory);
    }

    public Task<string> Listen(string name, ITwinEventListener listener, bool waits, bool documents)
    {
        Documents = documents;
        return Subscribe(name, listener, waits);
    }

    public Task Unsubscribe(string name)
    {
        Name = null;
        return Task.CompletedTask;
    }
}
