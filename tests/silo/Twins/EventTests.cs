using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Twins.Contracts.Events;
using Twins.Contracts.Twins;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Twins;

[Collection("silo")]
public sealed class EventTests(SiloFixture silo)
{
    [Fact]
    public async Task Events_are_told_in_order_after_they_are_durable()
    {
        var id = silo.NewId();
        var listener = new Listener(id);
        await using var listening = await Listen(listener);

        Task applying;
        using (silo.Storage.Hold(id))
        {
            applying = silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
            await Eventually.Holds(() => Task.FromResult(silo.Storage.WritesOf(id)), writes => writes > 0);
            Assert.Empty(listener.Told);
        }

        await applying;
        await silo.Twin(id).Write(Messages.Merge("""{"desired":{"a":2}}"""));
        await silo.Twin(id).Detach(Messages.Somewhere);
        await silo.Twin(id).Delete(null);

        await Eventually.Holds(() => Task.FromResult(listener.Told.Count), count => count >= 5);
        Assert.Equal(["1-created", "1-online", "2-changed", "3-offline", "4-deleted"], listener.Told);
    }

    [Fact]
    public async Task A_listener_that_can_not_take_events_now_gets_them_later()
    {
        var id = silo.NewId();
        var listener = new Listener(id) { Unavailable = true };
        await using var listening = await Listen(listener);

        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        await Eventually.Holds(() => Task.FromResult(listener.Refused), count => count > 0);
        Assert.Empty(listener.Told);

        listener.Unavailable = false;
        await Eventually.Holds(() => Task.FromResult(listener.Told.Count), count => count >= 2);
        Assert.Equal(["1-created", "1-online"], listener.Told);
    }

    [Fact]
    public async Task A_listener_whose_answer_is_lost_is_told_again()
    {
        var id = silo.NewId();
        var listener = new Listener(id) { Failures = 1 };
        await using var listening = await Listen(listener);

        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);

        await Eventually.Holds(() => Task.FromResult(listener.Told.Count), count => count >= 2);
        Assert.Equal(["1-created", "1-online"], listener.Told);
        Assert.Equal(listening.Subscription, await listening.Renew());
    }

    [Fact]
    public async Task A_listener_that_was_given_up_learns_that_it_missed_something()
    {
        var id = silo.NewId();
        var listener = new Listener(id) { Failures = 2 };
        await using var listening = await Listen(listener);

        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        await Eventually.Holds(listening.Renew, subscription => subscription != listening.Subscription);

        await silo.Twin(id).Write(Messages.Merge("""{"desired":{"a":2}}"""));
        await Eventually.Holds(() => Task.FromResult(listener.Told.Count), count => count >= 1);
        Assert.Equal("2-changed", listener.Told.Last());
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_is_kept()
    {
        var id = silo.NewId();
        await silo.Twin(id).Apply([Messages.Reported("""{"a":1}""")]);
        var listener = new Listener(id);
        await using var listening = await Listen(listener);

        await silo.Twin(id).Apply([Messages.Reported("""{"a":2}""")]);

        await Eventually.Holds(() => Task.FromResult(listener.Told.Count), count => count >= 1);
        Assert.Equal(["2-changed"], listener.Told);
    }

    [Fact]
    public async Task Beyond_what_a_twin_keeps_the_oldest_events_go_and_are_counted()
    {
        var id = silo.NewId();
        var listener = new Listener(id) { Unavailable = true };
        await using var listening = await Listen(listener);
        var dropped = 0L;
        using var meter = new MeterListener();
        meter.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "Twins", Name: "twins.events.dropped" })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        meter.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref dropped, count));
        meter.Start();

        // Made and online, and 70 changes: 72, of which 64 are kept.
        for (var i = 0; i <= 70; i++)
        {
            await silo.Twin(id).Apply([Messages.Reported($$"""{"a":{{i}}}""")]);
        }

        Assert.Equal(8, Interlocked.Read(ref dropped));
        listener.Unavailable = false;
        await Eventually.Holds(() => Task.FromResult(listener.Told.Count), count => count >= 64);
        Assert.Equal(Enumerable.Range(8, 64).Select(revision => $"{revision}-changed"), listener.Told);
    }

    private async Task<Listening> Listen(Listener listener)
    {
        var listening = new Listening(silo, listener);
        listening.Subscription = await listening.Renew();
        return listening;
    }

    private sealed class Listener(string twinId) : ITwinEventListener
    {
        public ConcurrentQueue<string> Told { get; } = new();

        public bool Unavailable { get; set; }

        /// <summary>How often it fails yet as one does that is not reached.</summary>
        public int Failures { get; set; }

        public int Refused { get; private set; }

        public Task OnEvents(TwinEvent[] events)
        {
            if (Unavailable && Array.Exists(events, told => told.TwinId == twinId))
            {
                Refused++;
                throw new TwinUnavailableException("not now");
            }

            if (Failures > 0 && Array.Exists(events, told => told.TwinId == twinId))
            {
                Failures--;
                throw new InvalidOperationException("not reached");
            }

            foreach (var told in events.Where(told => told.TwinId == twinId))
            {
                Told.Enqueue(told.Id);
            }

            return Task.CompletedTask;
        }
    }

    private sealed class Listening(SiloFixture silo, Listener listener) : IAsyncDisposable
    {
        private readonly string _name = Guid.NewGuid().ToString();
        private readonly ITwinEventListener _reference =
            silo.Services.GetRequiredService<IGrainFactory>().CreateObjectReference<ITwinEventListener>(listener);

        public string Subscription { get; set; } = "";

        private IEventListenersGrain Listeners => silo.Grains.GetGrain<IEventListenersGrain>(0);

        public Task<string> Renew() => Listeners.Subscribe(_name, _reference);

        public async ValueTask DisposeAsync()
        {
            await Listeners.Unsubscribe(_name);
            silo.Services.GetRequiredService<IGrainFactory>().DeleteObjectReference<ITwinEventListener>(_reference);
            GC.KeepAlive(listener);
        }
    }
}
