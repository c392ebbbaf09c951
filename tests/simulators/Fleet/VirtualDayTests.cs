using System.Globalization;
using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

public sealed class VirtualDayTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 29, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_day_has_all_its_reports_at_any_speed(int qos)
    {
        await using var broker = await TestBroker.StartAsync();
        var plan = Plan(Pumps(3) with { Report = new ReportPlan { Interval = TimeSpan.FromMinutes(2) }, Timestamps = true, Sequence = true }) with
        {
            Start = Midnight,
            Speed = 86_400,
            Duration = TimeSpan.FromDays(1),
        };
        await using var fleet = Of(Options(broker) with { QualityOfService = qos }, plan);
        var end = await fleet.RunAsync(null, Cancel);

        // One every two minutes, and one that says that the device is there.
        Assert.Equal(3 * (720 + 1), end.Readings);
        Assert.Equal(0, end.Skipped);
        Assert.Equal(0, end.Unacknowledged);
        Assert.True(end.Succeeded);
        await Eventually.IsTrueAsync(() => fleet.Ids.All(id => Reports(broker, id).Count == 721));
        foreach (var id in fleet.Ids)
        {
            Assert.Equal(Enumerable.Range(1, 721).Select(seq => $"{seq}"), Reports(broker, id).Select(report => report.Properties["seq"]));
            var times = Reports(broker, id).Select(Time).ToList();
            Assert.Equal(Midnight, times[0]);
            Assert.InRange(times[1] - times[0], TimeSpan.Zero, TimeSpan.FromMinutes(2));
            Assert.All(times.Skip(1).Zip(times.Skip(2)), pair => Assert.Equal(2, (pair.Second - pair.First).TotalMinutes, 0.0001));
            Assert.True(times[^1] < Midnight.AddDays(1));
        }
    }

    [Theory]
    [InlineData(20, 1440)]
    [InlineData(720, 43_200)]
    public async Task The_same_plan_and_seed_give_the_same_reports_whatever_the_network_does(double minutes, double speed)
    {
        var plan = Plan(Pumps(4) with
        {
            Report = new ReportPlan { Interval = TimeSpan.FromMinutes(minutes / 60), Jitter = 0.5 },
            Timestamps = true,
        }) with
        {
            Start = Midnight,
            Speed = speed,
            Duration = TimeSpan.FromMinutes(minutes),
            Faults =
            [
                new FaultPlan(FaultKind.Disconnect) { At = TimeSpan.FromMinutes(minutes / 4), Share = 0.5 },
                new FaultPlan(FaultKind.Disconnect) { Probability = 10 / minutes, For = TimeSpan.FromSeconds(minutes) },
                new FaultPlan(FaultKind.Flap)
                {
                    Share = 0.25, At = TimeSpan.FromMinutes(minutes / 3), Up = TimeSpan.FromMinutes(minutes / 20), Down = TimeSpan.FromMinutes(minutes / 40), For = TimeSpan.FromMinutes(minutes / 2),
                },
                new FaultPlan(FaultKind.HalfOpen) { Share = 0.25, At = TimeSpan.FromMinutes(minutes / 2), For = TimeSpan.FromMinutes(minutes / 5) },
                new FaultPlan(FaultKind.Malformed) { Probability = 0.1 },
                new FaultPlan(FaultKind.Reorder) { Probability = 0.2, By = 2 },
                new FaultPlan(FaultKind.Stuck) { Property = "motor/rpm", Share = 0.5, At = TimeSpan.FromMinutes(minutes / 5), For = TimeSpan.FromMinutes(minutes / 5), Every = TimeSpan.FromMinutes(minutes / 2) },
            ],
        };

        var once = await RunAsync(plan, seed: 42);
        Assert.Equal(once.Reports, (await RunAsync(plan, seed: 42)).Reports);
        Assert.NotEqual(once.Reports, (await RunAsync(plan, seed: 43)).Reports);
        Assert.True(once.End.Connects > 8, $"{once.End.Connects} connections");
        Assert.Equal(["disconnect", "flap", "half-open", "malformed", "reorder", "stuck"], once.End.Faults.Keys.Order());
    }

    [Fact]
    public async Task A_device_that_can_not_keep_up_is_late_and_leaves_nothing_out()
    {
        await using var broker = await TestBroker.StartAsync();
        using var slow = new SemaphoreSlim(0);
        var said = new List<string>();
        var plan = Plan(Pumps() with { Sequence = true }) with { Speed = 10, Duration = TimeSpan.FromSeconds(40) };
        await using var fleet = Of(Options(broker) with { OnTrouble = said.Add, DrainTimeout = TimeSpan.FromSeconds(20) }, plan);
        var running = fleet.RunAsync(null, Cancel);

        // A device is late only after it was on time once: it is not its fault that the first connection takes long.
        await Eventually.IsTrueAsync(
            () => fleet.Snapshot() is { Unacknowledged: < 8 } now && now.Readings + 2 >= now.VirtualElapsed / plan.Kinds[0].Report.Interval);
        var onTime = fleet.Snapshot().VirtualElapsed;
        broker.BeforeAcknowledge = _ => slow.WaitAsync(Cancel);
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Unacknowledged: 16 } now && now.VirtualElapsed > onTime + TimeSpan.FromSeconds(15));
        slow.Release(100_000);
        var end = await running;
        Assert.Equal(801, end.Readings);
        Assert.Equal(0, end.Skipped);
        Assert.True(end.Late > 0);
        Assert.Contains("can not keep up", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 801), Reports(broker).Select(report => int.Parse(report.Properties["seq"], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task What_a_device_has_no_memory_for_in_an_outage_is_skipped_and_counted()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker) with { Backlog = 5, Sequence = true }, Plan(Pumps()) with { Speed = 4 });
        fleet.Start();
        await Eventually.IsTrueAsync(() => Reports(broker).Count > 3);
        await broker.StopServerAsync();
        var lost = fleet.Snapshot().VirtualElapsed;
        await Eventually.IsTrueAsync(() => fleet.Snapshot().VirtualElapsed > lost + TimeSpan.FromSeconds(4));
        await broker.StartServerAsync();
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Connected: 1, Skipped: > 20 });
        Assert.Contains(fleet.Snapshot().Troubles, trouble => trouble.Sentence.Contains("5 last reports", StringComparison.Ordinal));

        // The values are those it would have had.
        var before = Reports(broker).Count;
        await Eventually.IsTrueAsync(() => Reports(broker).Count > before + 5);
        Assert.True(Reports(broker)[^1].Json["flow"]!.GetValue<double>() >= Reports(broker).Select(report => report.Payload).Distinct().Count() + fleet.Snapshot().Skipped - 1);
    }

    [Fact]
    public async Task A_plan_runs_as_long_as_it_says_by_its_own_clock_and_stops_early_when_told()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker), Plan(Pumps()) with { Speed = 60, Duration = TimeSpan.FromHours(1) });
        using var cancel = new CancellationTokenSource();
        var running = fleet.RunAsync(null, cancel.Token);
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Readings > 100);
        await cancel.CancelAsync();
        var end = await running;
        Assert.InRange(end.VirtualElapsed, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(59));
        Assert.Equal(FleetState.Stopped, end.State);
        Assert.Equal(0, end.Unacknowledged);
    }

    private static DateTimeOffset Time(ReceivedMessage report) => DateTimeOffset.Parse(report.Properties["ts"], CultureInfo.InvariantCulture);

    private static async Task<(string[] Reports, FleetSnapshot End)> RunAsync(FleetPlan plan, int seed)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker) with { Seed = seed, DrainTimeout = TimeSpan.FromSeconds(20) }, plan);
        var end = await fleet.RunAsync(null, Cancel);
        Assert.Equal(0, end.Skipped);
        Assert.Equal(0, end.Unacknowledged);

        // A message whose acknowledgement was lost with the connection is there twice; what was sent is not.
        return ([.. fleet.Ids.SelectMany(id => Reports(broker, id)
            .Select(report => $"{id} {report.Payload} {string.Join(' ', report.Properties)}")
            .Aggregate(new List<string>(), (all, report) =>
            {
                if (!all.Contains(report))
                {
                    all.Add(report);
                }

                return all;
            }))], end);
    }
}
