using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Fleet;
using Twins.Silo.Telemetry;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed class FeedLaneTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakePartition _partition = new();
    private readonly FeedLane _lane;

    public FeedLaneTests() => _lane = new FeedLane(
        _partition, shard: 3, new TwinsMetrics(_services.GetRequiredService<IMeterFactory>()), _time, NullLogger.Instance);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task What_changes_within_a_moment_is_told_together_and_of_each_twin_the_last()
    {
        _lane.Add("a", State(1));
        _lane.Add("b", State(1));
        _lane.Add("a", State(2));
        await Passes(() => _partition.Taken.Count == 2);

        Assert.Equal(["a@2", "b@1"], _partition.Taken.Order(StringComparer.Ordinal));
        Assert.Equal(1, _partition.Calls);
    }

    [Fact]
    public async Task What_a_partition_did_not_take_is_told_again_before_what_came_later()
    {
        _partition.Failures = 2;
        _lane.Add("a", State(1));
        await Passes(() => _partition.Failures == 0);
        _lane.Add("a", State(2));
        await Passes(() => _partition.Taken.Count == 2);

        Assert.Equal(["a@1", "a@2"], _partition.Taken);
    }

    [Fact]
    public async Task When_too_much_waits_the_partition_is_asked_to_read_the_store()
    {
        _partition.Failures = int.MaxValue;
        _lane.Add("first", State(1));
        await Passes(() => _partition.Calls > 0);
        for (var i = 0; i <= FeedLane.Capacity; i++)
        {
            _lane.Add($"twin-{i}", State(1));
        }

        Assert.Equal(1, _lane.Waiting);
        _partition.Failures = 0;
        await Passes(() => _partition.ReadAgainCalls == 1);
        Assert.Equal(["first@1", $"twin-{FeedLane.Capacity}@1"], _partition.Taken);
    }

    [Fact]
    public async Task A_call_holds_512_twins_or_about_a_MiB_of_them()
    {
        for (var i = 0; i < 600; i++)
        {
            _lane.Add($"small-{i}", State(1));
        }

        await Passes(() => _partition.Taken.Count == 600);
        Assert.Equal([512, 88], _partition.Parts.Select(static part => part.Length));
        _partition.Parts.Clear();
        for (var i = 0; i < 25; i++)
        {
            _lane.Add($"large-{i}", State(1, 100_000));
        }

        _lane.Add("larger", State(1, 3_000_000));
        _lane.Add("small", State(1));
        await Passes(() => _partition.Taken.Count == 627);
        Assert.Equal([10, 10, 5, 1, 1], _partition.Parts.Select(static part => part.Length));
    }

    [Fact]
    public async Task What_it_tells_is_no_part_of_the_call_that_started_it()
    {
        using var activity = new Activity("a call").Start();
        RequestContext.Set("request", "of the call");
        _lane.Add("a", State(1));
        await Passes(() => _partition.Taken.Count == 1);

        Assert.Equal((null, null), _partition.Context);
        Assert.Equal("of the call", RequestContext.Get("request"));
        RequestContext.Clear();
    }

    private static TwinState State(long revision, int bytes) => State(revision) with { Reported = new byte[bytes] };

    private static TwinState State(long revision) => new() { Exists = true, Revision = revision };

    private Task Passes(Func<bool> holds) => Eventually.Holds(
        () =>
        {
            _time.Advance(Moment);
            return Task.FromResult(holds());
        },
        held => held);
}
