using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Twins.Contracts.Events;
using Twins.Contracts.Twins;
using Twins.Silo.Egress;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

[Collection("silo")]
public sealed class EventDocumentTests(SiloFixture silo)
{
    [Fact]
    public async Task Each_event_has_the_document_right_after_it()
    {
        var id = silo.NewId();
        var listener = new Listener(id) { Unavailable = true };
        await using var listening = await Listening.Start(silo, listener, documents: true);

        // All of it waits, so that the twin is further on than what it tells.
        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        await silo.Twin(id).Apply([Messages.Reported("""{"a":2}""")]);
        await silo.Twin(id).Write(Messages.Merge("""{"tags":{"site":"x"}}"""));
        await silo.Twin(id).Detach(Messages.Somewhere);
        await silo.Twin(id).Delete(null);
        listener.Unavailable = false;

        var told = await listener.Receive(6);
        Assert.Equal(["1-created", "1-online", "2-changed", "3-changed", "4-offline", "5-deleted"], told.Select(e => e.Id));
        var documents = told.Select(e => JsonNode.Parse(e.Document)!).ToArray();
        Assert.Equal([1, 1, 2, 3, 4, 4], documents.Select(document => (int)document["revision"]!));
        Assert.Equal([1, 1, 2, 2, 2, 2], documents.Select(document => (int)document["reported"]!["a"]!));
        Assert.Equal([null, null, null, "x", "x", "x"], documents.Select(document => (string?)document["tags"]!["site"]));
        Assert.Equal(
            ["online", "online", "online", "online", "offline", "offline"],
            documents.Select(document => (string?)document["connection"]!["status"]));
        Assert.Equal(id, (string?)documents[5]["id"]);
    }

    [Fact]
    public async Task Who_does_not_want_documents_gets_none_from_who_is_told_beside_one_who_does()
    {
        var id = silo.NewId();
        var (with, without) = (new Listener(id), new Listener(id));
        await using var one = await Listening.Start(silo, with, documents: true);
        await using var other = await Listening.Start(silo, without, documents: false);

        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);

        Assert.All(await with.Receive(2), told => Assert.NotNull(told.Document));
        Assert.All(await without.Receive(2), told => Assert.Null(told.Document));
    }

    [Fact]
    public async Task A_listener_may_come_to_want_documents_and_is_not_broken_off()
    {
        var id = silo.NewId();
        var listeners = silo.Services.GetRequiredService<EventListeners>();
        var listener = new Listener(id);
        await using var listening = await Listening.Start(silo, listener, documents: false);
        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        Assert.All(await listener.Receive(2), told => Assert.Null(told.Document));

        Assert.False(listeners.WantDocuments);
        Assert.Equal(listening.Subscription, await listening.Renew(documents: true));
        Assert.True(listeners.WantDocuments);
        await silo.Twin(id).Apply([Messages.Reported("""{"a":2}""")]);
        Assert.NotNull((await listener.Receive(3))[2].Document);

        Assert.Equal(listening.Subscription, await listening.Renew(documents: false));
        Assert.False(listeners.WantDocuments);
    }

    [Fact]
    public async Task Events_that_wait_for_long_get_the_document_of_a_later_one()
    {
        var id = silo.NewId();
        var listener = new Listener(id) { Unavailable = true };
        await using var listening = await Listening.Start(silo, listener, documents: true);
        for (var i = 1; i <= 30; i++)
        {
            await silo.Twin(id).Apply([Messages.Reported($$"""{"a":{{i}}}""")]);
        }

        listener.Unavailable = false;

        var told = await listener.Receive(31);
        var revisions = told.Select(e => (e.Revision, Document: (long)JsonNode.Parse(e.Document)!["revision"]!)).ToArray();
        Assert.All(revisions, pair => Assert.True(pair.Document >= pair.Revision));
        Assert.All(revisions.TakeLast(16), pair => Assert.Equal(pair.Revision, pair.Document));
        Assert.Equal(revisions.Select(pair => pair.Document).Order(), revisions.Select(pair => pair.Document));
    }

    private sealed class Listener(string twinId) : ITwinEventListener
    {
        private readonly ConcurrentQueue<TwinEvent> _told = new();

        public bool Unavailable { get; set; }

        public Task OnEvents(TwinEvent[] events)
        {
            if (Unavailable && Array.Exists(events, told => told.TwinId == twinId))
            {
                throw new TwinUnavailableException("not now");
            }

            foreach (var told in events.Where(told => told.TwinId == twinId))
            {
                _told.Enqueue(told);
            }

            return Task.CompletedTask;
        }

        public async Task<TwinEvent[]> Receive(int count)
        {
            await Eventually.Holds(() => Task.FromResult(_told.Count), told => told >= count);
            return [.. _told];
        }
    }

    private sealed class Listening : IAsyncDisposable
    {
        private readonly string _name = Guid.NewGuid().ToString();
        private readonly SiloFixture _silo;
        private readonly Listener _listener;
        private readonly ITwinEventListener _reference;

        private Listening(SiloFixture silo, Listener listener)
        {
            (_silo, _listener) = (silo, listener);
            _reference = Grains.CreateObjectReference<ITwinEventListener>(listener);
        }

        public string Subscription { get; private set; } = "";

        private IGrainFactory Grains => _silo.Services.GetRequiredService<IGrainFactory>();

        private IEventListenersGrain Listeners => _silo.Grains.GetGrain<IEventListenersGrain>(0);

        public static async Task<Listening> Start(SiloFixture silo, Listener listener, bool documents)
        {
            var listening = new Listening(silo, listener);
            listening.Subscription = await listening.Renew(documents);
            return listening;
        }

        public Task<string> Renew(bool documents) => Listeners.Listen(_name, _reference, waits: false, documents);

        public async ValueTask DisposeAsync()
        {
            await Listeners.Unsubscribe(_name);
            Grains.DeleteObjectReference<ITwinEventListener>(_reference);
            GC.KeepAlive(_listener);
        }
    }
}
