using Microsoft.Extensions.Time.Testing;
using Twins.Contracts.Fleet;

namespace Twins.Api.Tests;

/// <summary>What time alone does to watches.</summary>
public sealed class WatchTimeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly ApiFixture _api;
    private readonly LiveTwins _twins;

    public WatchTimeTests()
    {
        _api = new ApiFixture(_time);
        _twins = new LiveTwins(_api);
    }

    public async ValueTask InitializeAsync() => await _twins.Listen();

    public ValueTask DisposeAsync()
    {
        _api.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Twins_come_to_match_as_time_goes_by()
    {
        _twins.Set("a", """{"seen":"2026-01-02T03:04:00Z"}""");
        using var stream = await SseReader.Open(_api.Address, "/twins/watch?filter=lt(reported/seen,time:now-1m)");
        Assert.Equal("""{"count":0}""", (await stream.Next()).Data);

        var entered = await Later(stream);

        Assert.Equal(("entered", "a"), (entered.Kind, (string?)entered.Json["id"]));
        Assert.True(_time.GetUtcNow() > new DateTimeOffset(2026, 1, 2, 3, 5, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Twins_cease_to_match_as_time_goes_by()
    {
        _twins.Set("a", """{"seen":"2026-01-02T03:04:00Z"}""");
        using var stream = await SseReader.Open(_api.Address, "/twins/watch?filter=gt(reported/seen,time:now-1m)");
        Assert.Equal("member", (await stream.Next()).Kind);
        Assert.Equal("""{"count":1}""", (await stream.Next()).Data);

        var left = await Later(stream);

        Assert.Equal(("left", "a", "time", 1), (left.Kind, (string?)left.Json["id"], (string?)left.Json["reason"], (int?)left.Json["revision"]));
        Assert.NotNull(left.Json["twin"]);
    }

    [Fact]
    public async Task What_had_not_reached_the_index_when_the_watch_began_is_told_a_little_later()
    {
        using var stream = await SseReader.Open(_api.Address, "/twins/watch?filter=gt(reported/t,10)");
        Assert.Equal("""{"count":0}""", (await stream.Next()).Data);

        // Its event was told before the watch listened.
        _twins.Set("a", """{"t":11}""");
        var entered = await Later(stream);

        Assert.Equal(("entered", "a"), (entered.Kind, (string?)entered.Json["id"]));
        var asked = _api.Grains.Fleet.Asked;
        _time.Advance(TimeSpan.FromSeconds(6));
        await _twins.Change("a", """{"t":12}""");
        Assert.Equal("changed", (await stream.Next()).Kind);
        Assert.Equal(asked, _api.Grains.Fleet.Asked);
    }

    [Fact]
    public async Task A_late_event_is_told_before_what_was_read_later()
    {
        _twins.Set("a", """{"t":11}""");
        using var stream = await SseReader.Open(_api.Address, "/twins/watch?filter=gt(reported/t,10)");
        Assert.Equal("member", (await stream.Next()).Kind);
        Assert.Equal("""{"count":1}""", (await stream.Next()).Data);

        _twins.Set("a", """{"t":12}""");
        var late = _twins.EventOf("a");
        _twins.Set("a", """{"t":1}""");
        _api.Grains.Twin("a").OnGet = () => _twins.Tell(late);

        Assert.Equal("changed a 2", Told(await Later(stream)));
        Assert.Equal("left a 3", Told(await stream.Next()));
    }

    [Fact]
    public async Task Asking_again_reads_only_who_comes_to_match_or_ceases_to()
    {
        _api.Grains.Fleet.MostOfAPage = 2;
        for (var i = 0; i < 5; i++)
        {
            _twins.Set($"a{i}", """{"seen":"2026-01-02T03:00:00Z"}""");
        }

        _twins.Set("b", """{"seen":"2026-01-02T03:04:00Z"}""");
        using var stream = await SseReader.Open(_api.Address, "/twins/watch?filter=lt(reported/seen,time:now-1m)");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"member a{i} 1", Told(await stream.Next()));
        }

        Assert.Equal("""{"count":5}""", (await stream.Next()).Data);
        var reads = Reads();

        // While the index is being read nobody has left.
        _api.Grains.Fleet.IndexFailure = new IndexRebuildingException(1, 2, 3);
        var asked = _api.Grains.Fleet.Asked;
        await EventTests.Until(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            return _api.Grains.Fleet.Asked > asked;
        });
        _api.Grains.Fleet.IndexFailure = null;
        Assert.Equal("entered b 1", Told(await Later(stream)));
        _twins.Set("a1", """{"seen":"2026-01-02T09:00:00Z"}""");
        var left = await Later(stream);
        Assert.Equal(("left a1 2", "changed"), (Told(left), (string?)left.Json["reason"]));
        Assert.Equal([reads[0], reads[1] + 1, .. reads[2..5], reads[5] + 1], Reads());

        int[] Reads() => Array.ConvertAll((string[])["a0", "a1", "a2", "a3", "a4", "b"], id => _api.Grains.Twin(id).Gets);
    }

    private static string Told(SseEvent next) => $"{next.Kind} {next.Json["id"]} {next.Json["revision"]}";

    /// <summary>The next event, while time goes by.</summary>
    private async Task<SseEvent> Later(SseReader stream)
    {
        var next = stream.Next();
        await EventTests.Until(() =>
        {
            if (!next.IsCompleted)
            {
                _time.Advance(TimeSpan.FromMilliseconds(20));
            }

            return next.IsCompleted;
        });
        return await next;
    }
}
