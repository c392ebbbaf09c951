using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Twins.Api.Events;
using Twins.Api.Live;
using Twins.Contracts.Events;

namespace Twins.Api.Tests;

public sealed class EventTests : IAsyncLifetime
{
    /// <summary>What the fixture sets the buffer to.</summary>
    private const int Buffer = 100;

    private readonly ApiFixture _api = new();
    private int _told;

    private EventHub Hub => _api.Services.GetRequiredService<EventHub>();

    /// <summary>The hub starts by marking that it hears nothing older; tests start behind that.</summary>
    public async ValueTask InitializeAsync() =>
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_stream_carries_cloud_events_of_its_twin_in_order()
    {
        using var stream = await SseReader.Open(_api.Address, "/twins/demo:pump-1/events");

        await Tell("demo:pump-1", "created", """{"id":"demo:pump-1"}""");
        await Tell("demo:pump-2", "created");
        await Tell("demo:pump-1", "changed", """{"revision":2,"reported":{"note":"café \"é\""}}""");

        Assert.Equal("text/event-stream", stream.Response.Content.Headers.ContentType!.ToString());
        Assert.True(stream.Response.Headers.CacheControl!.NoCache);
        Assert.Equal("created", (await stream.Next()).Kind);
        var changed = await stream.Next();
        Assert.Equal("changed", changed.Kind);
        Assert.Equal(
            """{"specversion":"1.0","id":"e3","source":"/twins/demo:pump-1","type":"twins.changed","subject":"demo:pump-1","time":"2026-01-02T03:04:05.678Z","datacontenttype":"application/json","data":{"revision":2,"reported":{"note":"café \"é\""}}}""",
            changed.Data);
    }

    [Fact]
    public async Task All_twins_are_watched_at_once()
    {
        using var stream = await SseReader.Open(_api.Address, "/events");

        await Tell("a", "online");
        await Tell("b", "offline");

        Assert.Equal(("online", "a"), Subject(await stream.Next()));
        Assert.Equal(("offline", "b"), Subject(await stream.Next()));
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed_and_nothing_twice()
    {
        string lastId;
        using (var stream = await SseReader.Open(_api.Address, "/twins/a/events"))
        {
            await Tell("a", "created");
            lastId = (await stream.Next()).Id;
        }

        await Tell("a", "changed");
        await Tell("b", "changed");
        await Tell("a", "deleted");
        using var again = await SseReader.Open(_api.Address, "/twins/a/events", lastId);
        await Tell("a", "created");

        Assert.Equal("changed", (await again.Next()).Kind);
        Assert.Equal("deleted", (await again.Next()).Kind);
        Assert.Equal("created", (await again.Next()).Kind);
    }

    [Fact]
    public async Task A_client_that_saw_nothing_yet_resumes_too()
    {
        string lastId;
        using (var stream = await SseReader.Open(_api.Address, "/events"))
        {
            lastId = (await stream.NextBlock()).Id;
        }

        await Tell("a", "created");
        using var again = await SseReader.Open(_api.Address, "/events", lastId);

        Assert.Equal("created", (await again.Next()).Kind);
    }

    [Theory]
    [InlineData("0123456789abcdef-5")]
    [InlineData("42")]
    [InlineData("{stream}-999")]
    [InlineData("{stream}-x")]
    [InlineData("{stream}--1")]
    public async Task An_id_that_nobody_knows_is_answered_with_a_reset(string id)
    {
        using var stream = await SseReader.Open(_api.Address, "/events", id.Replace("{stream}", Hub.Stream, StringComparison.Ordinal));
        await Tell("a", "created");

        var reset = await stream.Next();
        Assert.Equal(("reset", LiveMessage.NotBuffered), (reset.Kind, (string?)reset.Json["reason"]));
        Assert.Equal("created", (await stream.Next()).Kind);

        // Its id is good to resume from.
        using var again = await SseReader.Open(_api.Address, "/events", reset.Id);
        Assert.Equal("created", (await again.Next()).Kind);
    }

    [Fact]
    public async Task The_buffer_ends_after_as_many_events_as_are_set()
    {
        using var stream = await SseReader.Open(_api.Address, "/events");
        await Tell("a", "created");
        var oldest = (await stream.Next()).Id;
        for (var i = 0; i < Buffer; i++)
        {
            await Tell("a", "changed");
        }

        using (var whole = await SseReader.Open(_api.Address, "/events", oldest))
        {
            for (var i = 0; i < Buffer; i++)
            {
                Assert.Equal("changed", (await whole.Next()).Kind);
            }
        }

        await Tell("a", "deleted");
        using var late = await SseReader.Open(_api.Address, "/events", oldest);
        await Tell("a", "created");
        Assert.Equal("reset", (await late.Next()).Kind);
        Assert.Equal("created", (await late.Next()).Kind);
    }

    [Fact]
    public async Task A_slow_reader_is_told_what_it_misses_and_slows_nobody()
    {
        const int Events = 6000;
        var large = $$"""{"text":"{{new string('x', 8000)}}"}""";
        using var slow = await SseReader.Open(_api.Address, "/twins/a/events");
        using var fast = await SseReader.Open(_api.Address, "/twins/a/events");
        for (var i = 1; i <= Events; i++)
        {
            await Tell("a", "changed", large);

            // The fast reader keeps up; what is told is told to both.
            Assert.Equal($"e{i}", (string?)(await fast.Next()).Json["id"]);
        }

        var (expected, resets) = (1, 0);
        while (expected <= Events)
        {
            var next = await slow.Next();
            if (next.Kind == "reset")
            {
                Assert.Equal(LiveMessage.SlowReader, (string?)next.Json["reason"]);
                resets++;
                next = await slow.Next();
                Assert.InRange(Number(next), expected + 1, Events);
            }
            else
            {
                Assert.Equal(expected, Number(next));
            }

            expected = Number(next) + 1;
        }

        Assert.InRange(resets, 1, 3);
    }

    [Fact]
    public async Task No_position_is_told_while_something_waits_that_is_in_front_of_it()
    {
        var client = new EventClient(new EventWish("a", Filter: null, EventKinds.All), _ => { });
        Hub.Add(client);

        await Tell("b", "changed");
        Assert.Equal(Hub.Position, Hub.PositionOf(client));
        await Tell("a", "changed");
        await Tell("b", "changed");
        Assert.Null(Hub.PositionOf(client));
        Assert.True(client.TryTake(out _, out _));
        Assert.Equal(Hub.Position, Hub.PositionOf(client));
    }

    [Theory]
    [InlineData(10, 1000)]
    [InlineData(1024 * 1024 / 2, 7)]
    [InlineData(9 * 1024 * 1024, 1)]
    public void Of_a_slow_reader_the_last_thousand_wait_and_no_more_than_eight_mebibytes(int bytes, int waiting)
    {
        var slow = 0;
        var client = new EventClient(new EventWish(TwinId: null, Filter: null, EventKinds.All), _ => slow++);
        for (var i = 1; i <= 2000; i++)
        {
            client.Offer(new HubEvent(i, "s", new TwinEvent("a", $"e{i}", "changed", i, DateTimeOffset.UnixEpoch, new byte[i > 1990 || bytes < 100 ? bytes : 10])), Match.Yes);
        }

        Assert.True(client.TryTake(out var next, out var missed));
        Assert.Equal((2001L - waiting, 2000 - waiting, 1), (next.Sequence, missed, slow));
        for (var i = 1; i < waiting; i++)
        {
            Assert.True(client.TryTake(out next, out missed));
            Assert.Equal(0, missed);
        }

        Assert.Equal(2000, next.Sequence);
        Assert.False(client.TryTake(out _, out _));
    }

    [Fact]
    public async Task What_was_missed_is_let_go_of_once_it_is_told()
    {
        string lastId;
        using (var stream = await SseReader.Open(_api.Address, "/twins/a/events"))
        {
            lastId = (await stream.NextBlock()).Id;
        }

        var missed = await TellMissed();
        using var again = await SseReader.Open(_api.Address, "/twins/a/events", lastId);
        Assert.Equal("created", (await again.Next()).Kind);
        for (var i = 0; i < Buffer; i++)
        {
            await Tell("b", "changed");
        }

        await Until(() =>
        {
            GC.Collect();
            return !missed.IsAlive;
        });
        await Tell("a", "deleted");
        Assert.Equal("deleted", (await again.Next()).Kind);

        async Task<WeakReference> TellMissed()
        {
            var twinEvent = new TwinEvent("a", "e0", "created", 1, DateTimeOffset.UnixEpoch, "{}"u8.ToArray());
            await _api.Grains.Listeners.Listener!.OnEvents([twinEvent]);
            return new WeakReference(twinEvent);
        }
    }

    [Fact]
    public async Task Clients_that_go_are_forgotten()
    {
        using (await SseReader.Open(_api.Address, "/events"))
        using (await SseReader.Open(_api.Address, "/twins/a/events"))
        {
            Assert.Equal(2, Hub.Clients);
        }

        await Until(() => Hub.Clients == 0);
    }

    internal static async Task Until(Func<bool> condition)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(20), "it did not come to be within 20 s");
            await Task.Yield();
        }
    }

    private static (string Kind, string? Subject) Subject(SseEvent next) => (next.Kind, (string?)next.Json["subject"]);

    private static int Number(SseEvent next) => int.Parse(((string)next.Json["id"]!)[1..]);

    private Task Tell(string twinId, string kind, string data = "{}") => _api.Grains.Listeners.Listener!.OnEvents(
    [
        new TwinEvent(twinId, $"e{++_told}", kind, _told, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), Encoding.UTF8.GetBytes(data)),
    ]);
}
