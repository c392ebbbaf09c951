using Microsoft.Extensions.DependencyInjection;
using Twins.Api.Events;
using Twins.Api.Live;
using Twins.Contracts.Fleet;

namespace Twins.Api.Tests;

public sealed class WatchTests : IAsyncLifetime
{
    private const string Warm = "/twins/watch?filter=gt(reported/t,10)";

    private readonly ApiFixture _api = new();
    private readonly LiveTwins _twins;

    public WatchTests() => _twins = new LiveTwins(_api);

    private EventHub Hub => _api.Services.GetRequiredService<EventHub>();

    public async ValueTask InitializeAsync() => await _twins.Listen();

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Members_are_told_then_what_enters_changes_and_leaves()
    {
        _twins.Set("a", """{"t":11}""");
        _twins.Set("b", """{"t":1}""");
        using var stream = await SseReader.Open(_api.Address, Warm);

        var member = await stream.Next();
        Assert.Equal("member a 1", Told(member));
        Assert.Equal("""{"id":"a","revision":1,"twin":{"id":"a","revision":1,"model":null,"tags":{},"desired":{},"reported":{"t":11}}}""", member.Data);
        Assert.Equal("""{"count":1}""", (await Next(stream, "ready")).Data);

        await _twins.Change("b", """{"t":12}""");
        await _twins.Change("a", """{"t":13}""");
        await _twins.Change("c", """{"t":2}""");
        await _twins.Change("a", """{"t":3}""");
        await _twins.Delete("b");
        await _twins.Delete("c");
        await _twins.Change("a", """{"t":14}""");

        Assert.Equal("entered b 2", Told(await stream.Next()));
        Assert.Equal("changed a 2", Told(await stream.Next()));
        var left = await stream.Next();
        Assert.Equal("left a 3", Told(left));
        Assert.Equal(("changed", 3), ((string?)left.Json["reason"], (int?)left.Json["twin"]!["reported"]!["t"]));
        var deleted = await stream.Next();
        Assert.Equal("left b 3", Told(deleted));
        Assert.Equal("""{"id":"b","revision":3,"reason":"deleted"}""", deleted.Data);
        Assert.Equal("entered a 4", Told(await stream.Next()));
    }

    [Fact]
    public async Task What_happens_while_the_index_is_asked_is_neither_missed_nor_told_twice()
    {
        _twins.Set("cools", """{"t":11}""");
        _twins.Set("goes", """{"t":11}""");
        _twins.Set("stays", """{"t":11}""");
        _twins.Set("warms", """{"t":1}""");
        var asked = 0;
        _api.Grains.Twin("cools").OnGet = async () =>
        {
            // The first question is how many there are. At the second, each twin was read before it changes.
            if (++asked == 2)
            {
                await _twins.Change("cools", """{"t":1}""");
                await _twins.Delete("goes");
                await _twins.Change("warms", """{"t":12}""");
            }
        };
        using var stream = await SseReader.Open(_api.Address, Warm);

        // It happened before the answer was there, so it is told before it.
        Assert.Equal("entered warms 2", Told(await stream.Next()));
        Assert.Equal("member stays 1", Told(await stream.Next()));
        Assert.Equal("""{"count":2}""", (await Next(stream, "ready")).Data);

        await _twins.Tell("warms");
        await _twins.Tell("cools");
        await _twins.Change("stays", """{"t":13}""");
        Assert.Equal("changed stays 2", Told(await stream.Next()));
    }

    [Fact]
    public async Task What_was_read_is_told_behind_what_happened_before()
    {
        _twins.Set("a", """{"t":11}""");
        var first = _twins.EventOf("a");
        _twins.Set("a", """{"t":1}""");
        var second = _twins.EventOf("a");
        _twins.Set("a", """{"t":12}""");
        var asked = 0;
        _api.Grains.Twin("a").OnGet = async () =>
        {
            if (++asked == 2)
            {
                await _twins.Tell(first);
                await _twins.Tell(second);
            }
        };
        using var stream = await SseReader.Open(_api.Address, Warm);

        Assert.Equal("entered a 1", Told(await stream.Next()));
        Assert.Equal("left a 2", Told(await stream.Next()));
        Assert.Equal("member a 3", Told(await stream.Next()));
        Assert.Equal("""{"count":1}""", (await Next(stream, "ready")).Data);
    }

    [Fact]
    public async Task What_is_told_again_is_not_told_again()
    {
        _twins.Set("a", """{"t":11}""");
        using var stream = await SseReader.Open(_api.Address, Warm);
        await Next(stream, "ready");

        await _twins.Tell("a");
        await _twins.Change("a", """{"t":12}""");
        await _twins.Tell("a");
        await _twins.Change("a", """{"t":1}""");
        await _twins.Tell("a");
        await _twins.Change("b", """{"t":11}""");

        Assert.Equal("changed a 2", Told(await stream.Next()));
        Assert.Equal("left a 3", Told(await stream.Next()));
        Assert.Equal("entered b 1", Told(await stream.Next()));
    }

    [Fact]
    public async Task A_twin_is_read_where_the_event_does_not_say_what_it_is_like()
    {
        _twins.Set("a", """{"t":11}""");
        using var stream = await SseReader.Open(_api.Address, Warm);
        await Next(stream, "ready");

        _twins.Set("a", """{"t":12}""");
        await _twins.Tell("a", document: false);
        _twins.Set("b", """{"t":13}""");
        await _twins.Tell("b", document: false);
        Assert.Equal("changed a 2", Told(await stream.Next()));
        Assert.Equal("entered b 1", Told(await stream.Next()));

        _twins.Set("a", """{"t":1}""");
        await _twins.Tell("a", document: false);
        Assert.Equal("left a 3", Told(await stream.Next()));
        await _api.Grains.Twin("b").Delete(null);
        await _twins.Tell("b", document: false);
        var gone = await stream.Next();
        Assert.Equal(("left b 1", "deleted"), (Told(gone), (string?)gone.Json["reason"]));
    }

    [Fact]
    public async Task All_twins_can_be_watched_page_by_page_and_who_comes_back_is_told_all()
    {
        for (var i = 0; i < 20; i++)
        {
            _twins.Set($"a{i:d2}", "{}");
        }

        using var stream = await SseReader.Open(_api.Address, "/twins/watch", $"{Hub.Stream}-0");

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"member a{i:d2} 1", Told(await stream.Next()));
        }

        Assert.Equal("""{"count":20}""", (await Next(stream, "ready")).Data);
    }

    [Fact]
    public async Task Too_many_twins_are_a_problem_with_the_remedy()
    {
        for (var i = 0; i < 21; i++)
        {
            _twins.Set($"a{i}", """{"t":11}""");
        }

        var detail = (await _api.Client.Get(Warm)).IsProblem(400, "watch-too-large");

        Assert.Contains("21 twins match the filter, and one watch follows 20 at most", detail, StringComparison.Ordinal);
        Assert.Contains("Twins:Api:WatchMembers", detail, StringComparison.Ordinal);
        Assert.Equal(0, Hub.Clients);
    }

    [Fact]
    public async Task A_watch_ends_where_too_many_come_to_match()
    {
        for (var i = 0; i < 20; i++)
        {
            _twins.Set($"a{i}", """{"t":11}""");
        }

        using var stream = await SseReader.Open(_api.Address, Warm);
        await Next(stream, "ready");
        await _twins.Change("b", """{"t":11}""");

        var problem = await stream.Next();
        Assert.Equal(("problem", "watch-too-large"), (problem.Kind, (string?)problem.Json["code"]));
        await Assert.ThrowsAsync<EndOfStreamException>(stream.NextBlock);
        await EventTests.Until(() => Hub.Clients == 0);
    }

    [Fact]
    public async Task After_a_gap_the_members_are_told_anew()
    {
        _twins.Set("a", """{"t":11}""");
        _twins.Set("b", """{"t":11}""");
        using var stream = await SseReader.Open(_api.Address, Warm);
        await Next(stream, "ready");

        _twins.Set("b", """{"t":1}""");
        Hub.MarkGap();

        var reset = await stream.Next();
        Assert.Equal(("reset", LiveMessage.SourceGap), (reset.Kind, (string?)reset.Json["reason"]));
        Assert.Equal("member a 1", Told(await stream.Next()));
        Assert.Equal("""{"count":1}""", (await Next(stream, "ready")).Data);
    }

    [Fact]
    public async Task An_index_that_is_being_read_is_said_before_the_stream_begins()
    {
        _api.Grains.Fleet.IndexFailure = new IndexRebuildingException(1, 2, 3);

        var answer = await _api.Client.Get(Warm);

        Assert.Equal((503, "index-rebuilding"), (answer.Status, (string?)answer.Json["code"]));
        Assert.Equal(0, Hub.Clients);
    }

    [Fact]
    public async Task An_index_that_is_being_read_is_waited_for_once_the_stream_has_begun()
    {
        _twins.Set("a", """{"t":11}""");
        using var stream = await SseReader.Open(_api.Address, Warm);
        await Next(stream, "ready");

        _api.Grains.Fleet.IndexFailure = new IndexRebuildingException(1, 2, 3);
        var asked = _api.Grains.Fleet.Asked;
        Hub.MarkGap();
        Assert.Equal("reset", (await stream.Next()).Kind);
        await EventTests.Until(() => _api.Grains.Fleet.Asked > asked);
        _api.Grains.Fleet.IndexFailure = null;

        Assert.Equal("member a 1", Told(await stream.Next()));
    }

    private static string Told(SseEvent next) => $"{next.Kind} {next.Json["id"]} {next.Json["revision"]}";

    private static async Task<SseEvent> Next(SseReader stream, string kind)
    {
        while (true)
        {
            var next = await stream.Next();
            if (next.Kind == kind)
            {
                return next;
            }
        }
    }
}
