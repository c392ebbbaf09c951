using Twins.Api.Events;
using Twins.Api.Live;
using Twins.Contracts.Twins;

namespace Twins.Api.Tests;

/// <summary>What waits for who watches: in which order, and how much.</summary>
public sealed class WatchQueueTests
{
    [Fact]
    public void A_slow_reader_is_told_how_much_it_missed_and_begins_anew()
    {
        var slow = 0;
        var watch = new Watch(filter: null, maxMembers: 10_000, waiting => slow += waiting);
        watch.Begin();
        for (var i = 1; i <= HubClient.MaxWaiting; i++)
        {
            watch.Offer(Event(i), Match.Yes);
        }

        Assert.False(watch.IsBroken(out _, out _));
        watch.Offer(Event(HubClient.MaxWaiting + 1), Match.Yes);
        watch.Offer(Event(HubClient.MaxWaiting + 2), Match.Yes);

        Assert.True(watch.IsBroken(out var reason, out var missed));
        Assert.Equal((LiveMessage.SlowReader, HubClient.MaxWaiting + 2L, HubClient.MaxWaiting), (reason, missed, slow));
        Assert.False(watch.TryTake(out _));
        watch.Begin();
        Assert.Equal(0, watch.RevisionOf("a7"));
        watch.Offer(Event(7), Match.Yes);
        Assert.True(watch.TryTake(out var change));
        Assert.Equal((WatchChangeKind.Entered, "a7"), (change.Kind, change.TwinId));

        static HubEvent Event(int i) => Changed(i, $"a{i}", 1);
    }

    [Fact]
    public void What_was_read_waits_behind_the_events_before_it_and_takes_none_of_their_room()
    {
        var watch = new Watch(filter: null, maxMembers: 10_000, _ => { });
        watch.Begin();
        watch.Admit(View("a", 5), WatchChangeKind.Member);
        watch.Ready();
        Assert.Equal(["Member a 5", "Ready  1"], Taken(watch));

        watch.Offer(Changed(1, "a", 6), Match.Yes);
        watch.Dismiss(View("a", 7));
        watch.Offer(Changed(2, "b", 6), Match.Yes);
        watch.Offer(Changed(3, "b", 7), Match.No);
        watch.Admit(View("b", 8), WatchChangeKind.Entered);
        watch.Admit(View("b", 9), WatchChangeKind.Entered);
        watch.Dismiss("b", known: 9);
        Assert.Equal(["Changed a 6", "Left a 7", "Entered b 6", "Left b 7", "Entered b 8", "Changed b 9", "Deleted b 9"], Taken(watch));

        // What is older than what is known, and what was told since a twin was looked for in vain, is not told.
        watch.Admit(View("a", 6), WatchChangeKind.Entered);
        watch.Offer(Changed(4, "c", 2), Match.Yes);
        watch.Dismiss("c", known: 1);
        watch.Dismiss(View("c", 1));
        Assert.Equal(["Entered c 2"], Taken(watch));

        for (var i = 0; i < HubClient.MaxWaiting; i++)
        {
            watch.Admit(View($"r{i}", 1), WatchChangeKind.Entered);
            watch.Offer(Changed(10 + i, $"e{i}", 1), Match.Yes);
        }

        Assert.Equal(2 * HubClient.MaxWaiting, Taken(watch).Length);
        Assert.False(watch.IsBroken(out _, out _));
    }

    [Fact]
    public void What_has_ceased_to_match_while_it_was_read_does_not_enter()
    {
        var watch = new Watch(filter: null, maxMembers: 10_000, _ => { });
        watch.Begin();
        watch.Ready();
        watch.Offer(Changed(1, "a", 5), Match.Unknown);
        Assert.Equal(["Ready  0", "Unclear a 5"], Taken(watch));

        watch.Offer(Changed(2, "a", 6), Match.No);
        watch.Admit(View("a", 5), WatchChangeKind.Entered);
        Assert.Empty(Taken(watch));
        watch.Admit(View("a", 7), WatchChangeKind.Entered);
        Assert.Equal(["Entered a 7"], Taken(watch));
    }

    [Fact]
    public void A_slow_reader_of_large_twins_is_told_before_a_thousand_wait()
    {
        var slow = 0;
        var watch = new Watch(filter: null, maxMembers: 10_000, waiting => slow += waiting);
        watch.Begin();

        // What was read is none of it, and one event waits whatever its size.
        watch.Admit(View("r", 1, Large(9)), WatchChangeKind.Member);
        watch.Offer(Changed(1, "a", 1, Large(9)), Match.Yes);
        Assert.Equal(["Member r 1", "Entered a 1"], Taken(watch));
        for (var i = 2; i <= 8; i++)
        {
            watch.Offer(Changed(i, "a", i, Large(1)), Match.Yes);
        }

        Assert.False(watch.IsBroken(out _, out _));
        watch.Offer(Changed(9, "a", 9, Large(1)), Match.Yes);
        Assert.True(watch.IsBroken(out var reason, out var missed));
        Assert.Equal((LiveMessage.SlowReader, 8L, 7), (reason, missed, slow));

        watch.Begin();
        watch.Offer(Changed(10, "a", 10, Large(7)), Match.Yes);
        Assert.Equal(["Entered a 10"], Taken(watch));

        static byte[] Large(int mebibytes) => [.. "{\"revision\":1,\"x\":\""u8, .. Enumerable.Repeat((byte)'x', mebibytes * 1024 * 1024), .. "\"}"u8];
    }

    private static HubEvent Changed(int sequence, string id, long revision, byte[]? document = null) =>
        new(sequence, "s", new Contracts.Events.TwinEvent(id, $"{revision}-changed", "changed", revision, DateTimeOffset.UnixEpoch, "{}"u8.ToArray())
        {
            Document = document ?? "{}"u8.ToArray(),
        });

    private static TwinView View(string id, long revision, byte[]? document = null) => new(id, revision, document ?? "{}"u8.ToArray());

    private static string[] Taken(Watch watch)
    {
        var taken = new List<string>();
        while (watch.TryTake(out var change))
        {
            taken.Add($"{change.Kind} {change.TwinId} {change.Revision}");
        }

        return [.. taken];
    }
}
