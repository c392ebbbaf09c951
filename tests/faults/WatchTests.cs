using System.Text.Json;
using System.Text.Json.Nodes;

namespace Twins.Faults.Tests;

/// <summary>What the watches see: damage is noticed, and what is no damage is not.</summary>
public sealed class WatchTests
{
    private readonly TwinWatch _twin = new("a");

    [Fact]
    public void A_twin_is_silent_from_the_first_read_that_fails_to_the_answer_of_one_that_was_asked_later()
    {
        Answered(0, 10, count: 1);
        _twin.Failed(Ms(200), Ms(1_200));
        _twin.Failed(Ms(400), Ms(450));
        Answered(600, 640, count: 1);
        Answered(800, 810, count: 1);
        _twin.Failed(Ms(1_000), Ms(2_000));

        Assert.Equal([new Outage(Ms(200), Ms(640)), new Outage(Ms(1_000), null)], _twin.Silences());
    }

    [Fact]
    public void A_twin_that_shows_no_update_for_long_has_paused()
    {
        Answered(0, 10, count: 1);
        Answered(200, 210, count: 2);
        Answered(400, 410, count: 2);
        Answered(2_000, 2_010, count: 3);
        Answered(2_200, 2_210, count: 4);

        Assert.Equal([new Outage(Ms(210), Ms(2_010))], _twin.Pauses(Ms(1_500), Ms(3_000)));
        Assert.Equal([new Outage(Ms(210), Ms(2_010)), new Outage(Ms(2_210), null)], _twin.Pauses(Ms(1_500), Ms(4_000)));
    }

    [Fact]
    public void What_is_less_than_it_was_seen_to_be_is_backwards()
    {
        Answered(0, 10, count: 5, revision: 7, number: 3);
        Answered(200, 210, count: 5, revision: 6, number: 3);
        Answered(400, 410, count: 4, revision: 7, number: 2);

        Assert.Equal(["a: revision was 7 and is 6", "a: count was 5 and is 4", "a: p000 was 3 and is 2"], _twin.Backwards);
    }

    [Fact]
    public void Of_two_reads_at_the_same_time_neither_has_to_be_the_later_one()
    {
        var before = _twin.Seen;
        Answered(0, 30, count: 5);
        _twin.Answered(Ms(5), Ms(40), before, Twin(count: 4, revision: 1, number: 0));

        Assert.Empty(_twin.Backwards);
        Assert.Equal(5, _twin.Seen.Count);
    }

    [Fact]
    public async Task A_revision_that_says_two_things_is_a_fork_and_one_that_is_told_twice_is_none()
    {
        await using var events = EventWatch.OfNothing();
        events.Take(Changed("3-changed", 3, 10));
        events.Take(Changed("3-changed", 3, 10));
        Assert.Empty(events.Forks);

        events.Take(Changed("3-changed", 3, 11));
        Assert.Single(events.Forks);
        Assert.Empty(events.AppliedTwice);
    }

    [Fact]
    public async Task A_message_that_comes_with_two_revisions_was_applied_twice()
    {
        await using var events = EventWatch.OfNothing();
        events.Take(Changed("3-changed", 3, 10));
        events.Take(Changed("4-changed", 4, 12));
        Assert.Empty(events.AppliedTwice);

        events.Take(Changed("5-changed", 5, 10));
        Assert.Single(events.AppliedTwice);
        Assert.Empty(events.Forks);
    }

    [Fact]
    public void Recovered_is_when_for_five_seconds_nothing_has_begun_and_what_comes_then_is_later()
    {
        var fault = Ms(1_000);
        Outage[] outages = [new(Ms(900), Ms(2_000)), new(Ms(1_200), Ms(4_000)), new(Ms(8_900), Ms(9_000)), new(Ms(14_100), Ms(14_700)), new(Ms(30_000), Ms(30_500))];
        var recovery = Recovery.Of(outages, fault);
        Assert.Equal((8, 0.6), (recovery.Seconds, Math.Round(recovery.LongestLater!.Value, 6)));
        Assert.Equal([true, true, true, false, false], outages.Select(recovery.Covers));

        Assert.Equal((0, 0), (Recovery.Of([], fault).Seconds, Recovery.Of([], fault).LongestLater));
        Assert.Null(Recovery.Of([new(Ms(1_200), null), new(Ms(1_300), Ms(1_400))], fault).Seconds);
        Assert.Null(Recovery.Of([new(Ms(8_000), null)], fault).LongestLater);
    }

    [Fact]
    public void Percentiles_are_of_the_nearest_rank_and_what_never_ended_is_the_longest()
    {
        Assert.Equal(new Percentiles(2, 4, 4), Percentiles.Of([3, 1, 4, 2]));
        Assert.Equal(new Percentiles(1, null, null), Percentiles.Of([null, 1, 1]));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static JsonElement Twin(long count, long revision, long number) =>
        JsonSerializer.SerializeToElement(new { revision, reported = new { count, p000 = number } });

    private static JsonNode Changed(string id, long revision, long count) => JsonSerializer.SerializeToNode(
        new { id, subject = "a", type = "twins.changed", data = new { revision, reported = new { count } } })!;

    private void Answered(int started, int ended, long count, long revision = 1, long number = 0) =>
        _twin.Answered(Ms(started), Ms(ended), _twin.Seen, Twin(count, revision, number));
}
