using Microsoft.Extensions.DependencyInjection;
using Twins.Api.Events;
using Twins.Api.Tests.Fakes;
using Twins.Contracts.Events;

namespace Twins.Api.Tests;

/// <summary>Twins that change, and the events that tell of it.</summary>
internal sealed class LiveTwins(ApiFixture api)
{
    /// <summary>The hub starts by marking that it hears nothing older; tests start behind that.</summary>
    public async Task Listen() =>
        await api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: true, TestContext.Current.CancellationToken);

    /// <summary>A twin that is there, or is like this now; nobody is told.</summary>
    public FakeTwin Set(string id, string reported) => api.Grains.Seed(id, reported, revision: api.Grains.Twin(id).Revision + 1);

    /// <summary>A twin changes, and an event tells.</summary>
    public Task Change(string id, string reported)
    {
        Set(id, reported);
        return Tell(id);
    }

    /// <summary>A twin is deleted, and an event tells.</summary>
    public async Task Delete(string id)
    {
        await api.Grains.Twin(id).Delete(null);
        await Tell(id, TwinEventKinds.Deleted);
    }

    /// <summary>Tells what a twin is like, once more perhaps.</summary>
    public Task Tell(string id, string kind = TwinEventKinds.Changed, bool document = true) => Tell(EventOf(id, kind, document));

    /// <summary>Tells an event, now or later.</summary>
    public Task Tell(TwinEvent twinEvent) => api.Grains.Listeners.Listener!.OnEvents([twinEvent]);

    /// <summary>The event that tells what a twin is like now.</summary>
    public TwinEvent EventOf(string id, string kind = TwinEventKinds.Changed, bool document = true)
    {
        var twin = api.Grains.Twin(id);
        return new TwinEvent(id, $"{twin.Revision}-{kind}", kind, twin.Revision, DateTimeOffset.UnixEpoch, "{}"u8.ToArray())
        {
            Document = document ? twin.Render() : null,
        };
    }
}
