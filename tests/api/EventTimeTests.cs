using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Twins.Api.Events;
using Twins.Api.Live;

namespace Twins.Api.Tests;

public sealed class EventTimeTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ApiFixture _api;

    public EventTimeTests() => _api = new ApiFixture(_time);

    public void Dispose() => _api.Dispose();

    [Fact]
    public async Task A_comment_comes_when_nothing_else_does()
    {
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);
        using var stream = await SseReader.Open(_api.Address, "/events");
        SseEvent block;
        do
        {
            var next = stream.NextBlock();
            await EventTests.Until(() =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return next.IsCompleted;
            });
            block = await next;
        }
        while (block.Comment.Length == 0);

        Assert.Equal("heartbeat", block.Comment);
    }

    [Fact]
    public async Task A_reader_of_what_seldom_happens_comes_back_to_where_the_stream_stood()
    {
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);
        var twins = new LiveTwins(_api);
        string lastId;
        using (var stream = await SseReader.Open(_api.Address, "/twins/a/events"))
        {
            var opened = (await stream.NextBlock()).Id;
            for (var i = 0; i < 150; i++)
            {
                await twins.Change("b", "{}");
            }

            var heartbeat = await Advancing(TimeSpan.FromSeconds(1), stream.NextBlock());
            Assert.Equal(("heartbeat", ""), (heartbeat.Comment, heartbeat.Data));
            Assert.NotEqual(opened, heartbeat.Id);
            Assert.Equal(_api.Services.GetRequiredService<EventHub>().Position, heartbeat.Id);
            lastId = stream.LastId;
        }

        await twins.Change("a", "{}");
        using var again = await SseReader.Open(_api.Address, "/twins/a/events", lastId);
        Assert.Equal("changed", (await again.Next()).Kind);
    }

    [Fact]
    public async Task A_subscription_of_a_socket_is_told_where_it_stands_where_that_has_moved()
    {
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);
        var twins = new LiveTwins(_api);
        using var client = await LiveClient.Open(_api.Address);
        await client.Send("""{"subscribe":"e","to":"events","twin":"a"}""");
        var opened = await client.Receive("e", "subscribed");
        var next = client.Next();
        for (var i = 0; i < 60; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        // The stream stands where it stood, which was said. Not any more:
        await twins.Change("b", "{}");
        var position = (await Advancing(TimeSpan.FromSeconds(1), next))!;
        Assert.Equal($$$"""{"subscription":"e","event":"position","id":"{{{_api.Services.GetRequiredService<EventHub>().Position}}}","data":{}}""", position.ToJsonString());
        Assert.NotEqual((string?)opened["id"], (string?)position["id"]);
    }

    [Fact]
    public async Task The_hub_renews_its_subscription()
    {
        var listeners = _api.Grains.Listeners;
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);
        var name = listeners.Name;

        await EventTests.Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return listeners.Subscriptions >= 3;
        });

        Assert.StartsWith("api-", name, StringComparison.Ordinal);
        Assert.Equal(name, listeners.Name);
    }

    [Fact]
    public async Task The_hub_listens_only_while_somebody_wants_to_know()
    {
        var listeners = _api.Grains.Listeners;
        Assert.Null(listeners.Name);
        using (var stream = await SseReader.Open(_api.Address, "/twins/a/events"))
        {
            Assert.NotNull(listeners.Name);
        }

        await EventTests.Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return listeners.Name is null;
        });
        using var again = await SseReader.Open(_api.Address, "/twins/a/events");
        Assert.NotNull(listeners.Name);
    }

    [Fact]
    public async Task Where_the_cluster_forgot_the_hub_everybody_is_reset()
    {
        using var stream = await SseReader.Open(_api.Address, "/twins/a/events");
        await stream.NextBlock();

        _api.Grains.Listeners.Memory = "second";
        var next = stream.Next();
        await EventTests.Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return next.IsCompleted;
        });

        Assert.Equal(("reset", LiveMessage.SourceGap), ((await next).Kind, (string?)(await next).Json["reason"]));
    }

    [Fact]
    public async Task Where_the_hub_could_not_listen_everybody_is_reset()
    {
        var listeners = _api.Grains.Listeners;
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);
        using var stream = await SseReader.Open(_api.Address, "/twins/a/events");
        var first = (await stream.NextBlock()).Id;

        listeners.Failure = new TimeoutException();
        await EventTests.Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return listeners.Refused > 0;
        });
        listeners.Failure = null;
        var next = stream.Next();
        await EventTests.Until(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return next.IsCompleted;
        });

        Assert.Equal(("reset", LiveMessage.SourceGap), ((await next).Kind, (string?)(await next).Json["reason"]));

        // Who was away then is told as well.
        using var again = await SseReader.Open(_api.Address, "/twins/a/events", first);
        Assert.Equal("reset", (await again.Next()).Kind);
    }

    [Fact]
    public async Task The_end_of_the_process_ends_streams_and_the_subscription()
    {
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);
        using var stream = await SseReader.Open(_api.Address, "/events");
        await stream.NextBlock();

        var stopping = Task.Run(_api.Dispose, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await stream.NextBlock();
            }
        });
        await stopping;

        Assert.Null(_api.Grains.Listeners.Name);
    }

    /// <summary>What comes, while time goes by.</summary>
    private async Task<T> Advancing<T>(TimeSpan step, Task<T> next)
    {
        await EventTests.Until(() =>
        {
            _time.Advance(step);
            return next.IsCompleted;
        });
        return await next;
    }
}
