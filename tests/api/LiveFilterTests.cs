using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Twins.Api.Events;
using Twins.Api.Live;
using Twins.Contracts.Events;

namespace Twins.Api.Tests;

/// <summary>Live events with a filter.</summary>
public sealed class LiveFilterTests : IAsyncLifetime
{
    private readonly ApiFixture _api = new();

    private EventHub Hub => _api.Services.GetRequiredService<EventHub>();

    public async ValueTask InitializeAsync() =>
        await _api.Services.GetRequiredService<EventHubLifetime>().Listening(documents: false, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Only_events_after_which_the_filter_holds_are_told()
    {
        using var stream = await SseReader.Open(_api.Address, "/events?filter=gt(reported/t,10)");

        await Tell("a", 1, """{"t":11}""");
        await Tell("a", 2, """{"t":9}""");
        await Tell("b", 1, """{"t":10}""");
        await Tell("b", 2, """{"t":12}""");

        Assert.Equal("a-1", await NextId(stream));
        Assert.Equal("b-2", await NextId(stream));
    }

    [Fact]
    public async Task Of_one_twin_as_of_all()
    {
        using var one = await SseReader.Open(_api.Address, "/twins/a/events?filter=gt(reported/t,10)");
        using var all = await SseReader.Open(_api.Address, "/events");

        await Tell("a", 1, """{"t":1}""");
        await Tell("b", 1, """{"t":11}""");
        await Tell("a", 2, """{"t":11}""");

        Assert.Equal("a-2", await NextId(one));
        Assert.Equal(["a-1", "b-1", "a-2"], [await NextId(all), await NextId(all), await NextId(all)]);
    }

    [Fact]
    public async Task Kinds_can_be_chosen_with_and_without_a_filter()
    {
        using var some = await SseReader.Open(_api.Address, "/events?kinds=created,deleted");
        using var filtered = await SseReader.Open(_api.Address, "/events?kinds=deleted&filter=eq(id,\"a\")");

        await Tell("a", 1, "{}", "created");
        await Tell("a", 2, "{}");
        await Tell("b", 2, "{}", "deleted");
        await Tell("a", 3, "{}", "deleted");

        Assert.Equal(["a-1", "b-2", "a-3"], [await NextId(some), await NextId(some), await NextId(some)]);
        Assert.Equal("a-3", await NextId(filtered));
    }

    [Fact]
    public async Task What_a_client_missed_is_filtered_too()
    {
        string lastId;
        using (var stream = await SseReader.Open(_api.Address, "/events?filter=gt(reported/t,10)"))
        {
            await Tell("a", 1, """{"t":11}""");
            lastId = (await stream.Next()).Id;
        }

        await Tell("a", 2, """{"t":1}""");
        await Tell("a", 3, """{"t":12}""");
        using var again = await SseReader.Open(_api.Address, "/events?filter=gt(reported/t,10)", lastId);
        await Tell("a", 4, """{"t":13}""");

        Assert.Equal(["a-3", "a-4"], [await NextId(again), await NextId(again)]);
    }

    [Fact]
    public async Task An_event_without_a_document_is_told_while_it_happens_and_is_a_reset_later()
    {
        string lastId;
        using (var stream = await SseReader.Open(_api.Address, "/events?filter=gt(reported/t,10)"))
        {
            await Tell("a", 1, null);
            Assert.Equal("a-1", await NextId(stream));
            lastId = stream.LastId;
        }

        await Tell("a", 2, null);
        using var again = await SseReader.Open(_api.Address, "/events?filter=gt(reported/t,10)", lastId);
        await Tell("a", 3, """{"t":11}""");

        var reset = await again.Next();
        Assert.Equal(("reset", LiveMessage.NotBuffered), (reset.Kind, (string?)reset.Json["reason"]));
        Assert.Equal("a-3", await NextId(again));
    }

    [Fact]
    public async Task Documents_are_asked_for_only_where_there_is_a_filter()
    {
        var listeners = _api.Grains.Listeners;
        using var plain = await SseReader.Open(_api.Address, "/events");
        Assert.False(listeners.Documents);

        using var filtered = await SseReader.Open(_api.Address, "/events?filter=eq(id,\"a\")");

        Assert.True(listeners.Documents);
        Assert.True(Hub.WantsDocuments);
        Assert.Equal("first", listeners.Memory);
    }

    [Fact]
    public async Task Clients_with_a_filter_that_go_are_forgotten()
    {
        using (await SseReader.Open(_api.Address, "/events?filter=eq(id,\"a\")"))
        using (await SseReader.Open(_api.Address, "/events?filter=eq(id,\"a\")"))
        using (await SseReader.Open(_api.Address, "/twins/a/events?filter=eq(id,\"a\")"))
        {
            Assert.Equal(3, Hub.Clients);
        }

        await EventTests.Until(() => Hub.Clients == 0);
        Assert.False(Hub.WantsDocuments);
        using var again = await SseReader.Open(_api.Address, "/events?filter=eq(id,\"a\")");
        await Tell("a", 1, "{}");
        Assert.Equal("a-1", await NextId(again));
    }

    [Theory]
    [InlineData("/events?filter=eq(tags/site", "filter-invalid")]
    [InlineData("/twins/a/events?filter=nonsense", "filter-invalid")]
    [InlineData("/twins/watch?filter=nonsense", "filter-invalid")]
    [InlineData("/events?kinds=chaged", "parameter-invalid")]
    [InlineData("/twins/a/events?kinds=changed,", "parameter-invalid")]
    public async Task A_mistake_is_a_problem_before_the_stream_begins(string path, string code) =>
        (await _api.Client.Get(path)).IsProblem(400, code);

    [Fact]
    public async Task A_thousand_filters_are_tested_and_each_client_gets_its_own()
    {
        var clients = Enumerable.Range(0, 1000).Select(i => Client($"eq(reported/n,{i % 500})")).ToArray();
        Array.ForEach(clients, Hub.Add);
        for (var n = 0; n < 500; n++)
        {
            await Tell("a", n + 1, $$"""{"n":{{n}}}""");
        }

        for (var i = 0; i < clients.Length; i++)
        {
            Assert.True(clients[i].TryTake(out var told, out _));
            Assert.Equal((i % 500) + 1, told.Revision);
            Assert.False(clients[i].TryTake(out _, out _));
        }

        Array.ForEach(clients, Hub.Remove);
        Assert.Equal(0, Hub.Clients);
    }

    private static EventClient Client(string filter)
    {
        Assert.True(LiveFilter.TryParse(filter, out var parsed, out _));
        return new EventClient(new EventWish(TwinId: null, parsed, EventKinds.All), _ => { });
    }

    private static async Task<string?> NextId(SseReader stream) => (string?)(await stream.Next()).Json["id"];

    private Task Tell(string twinId, long revision, string? reported, string kind = "changed") => _api.Grains.Listeners.Listener!.OnEvents(
    [
        new TwinEvent(twinId, $"{twinId}-{revision}", kind, revision, new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), "{}"u8.ToArray())
        {
            Document = reported is null ? null : Encoding.UTF8.GetBytes(
                $$"""{"id":"{{twinId}}","revision":{{revision}},"model":null,"tags":{},"desired":{},"reported":{{reported}}}"""),
        },
    ]);
}
