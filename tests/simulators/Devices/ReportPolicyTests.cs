using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

public sealed class ReportPolicyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Devices_measure_at_intervals_within_the_jitter_of_the_plan_and_not_in_step() =>
        await Gen.Select(Gen.Double[0, 1], Gen.Double[1, 600], Gen.Int).SampleAsync(
            async (jitter, seconds, seed) =>
            {
                var plan = Plan(Pumps(2) with { Report = new ReportPlan { Interval = TimeSpan.FromSeconds(seconds), Jitter = jitter }, Timestamps = true }) with
                {
                    Start = Start,
                    Speed = seconds * 1000,
                    Duration = TimeSpan.FromSeconds(seconds * 40),
                };
                await using var broker = await TestBroker.StartAsync();
                await using var fleet = Of(Options(broker) with { Seed = seed }, plan);
                await fleet.RunAsync(null, Cancel);
                var first = new List<TimeSpan>();
                foreach (var id in fleet.Ids)
                {
                    var times = Reports(broker, id).Select(At).ToList();
                    Assert.Equal(TimeSpan.Zero, times[0]);
                    first.Add(times[1]);
                    Assert.InRange(times[1].TotalSeconds, 0, seconds);
                    foreach (var (one, next) in times.Skip(1).Zip(times.Skip(2)))
                    {
                        Assert.InRange((next - one).TotalSeconds, Math.Max(0, seconds * (1 - jitter) - 0.002), seconds * (1 + jitter) + 0.002);
                    }
                }

                Assert.NotEqual(first[0], first[1]);
            },
            iter: 10);

    [Fact]
    public async Task On_change_only_what_has_moved_is_reported_and_nothing_where_nothing_has()
    {
        await using var broker = await TestBroker.StartAsync();
        await RunAsync(broker, new ReportPlan { Interval = TimeSpan.FromSeconds(1), OnChange = true }, seconds: 60);

        // The fake has moved at every third of its 61 moments; the first report has everything.
        Assert.Equal(1 + 20, Reports(broker).Count);
        Assert.True(Reports(broker)[0].Json.ContainsKey("setpoint"));
        Assert.All(Reports(broker).Skip(1), report => Assert.Equal(["flow"], report.Json.Select(member => member.Key)));
        Assert.All(Reports(broker).Skip(1), report => Assert.Equal(0, report.Json["flow"]!.GetValue<double>() % 3));
    }

    [Fact]
    public async Task On_change_all_is_reported_when_nothing_was_for_long()
    {
        await using var broker = await TestBroker.StartAsync();
        await RunAsync(
            broker, new ReportPlan { Interval = TimeSpan.FromSeconds(1), OnChange = true, AtLeastEvery = TimeSpan.FromSeconds(2) }, seconds: 60);

        // Moved, then not, then for two seconds not.
        var all = Reports(broker).Skip(1).Where(report => report.Json.ContainsKey("motor")).ToList();
        Assert.InRange(all.Count, 19, 20);
        Assert.All(all, report => Assert.Equal(2, report.Json["flow"]!.GetValue<double>() % 3));
    }

    [Fact]
    public async Task Measurements_of_a_burst_are_kept_and_sent_one_right_behind_the_other()
    {
        var time = new FakeTimeProvider(Start);
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker) with { Time = time }, Plan(Pumps() with
        {
            Report = new ReportPlan { Interval = TimeSpan.FromSeconds(1), Burst = 10 }, Sequence = true, Timestamps = true,
        }) with
        {
            Duration = TimeSpan.FromSeconds(35),
        });
        var running = fleet.RunAsync(null, Cancel);

        // What says that the device is there is not kept.
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Readings: 1, Unacknowledged: 0 });
        for (var burst = 0; burst < 3; burst++)
        {
            // The tenth measurement is somewhere in the last second.
            time.Advance(TimeSpan.FromSeconds(9));
            Assert.Equal(1 + 10 * burst, fleet.Snapshot().Readings);
            time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Unacknowledged: 0 } now && now.Readings == 11 + 10 * burst);
        }

        // What is kept at the end is sent. For its acknowledgement the fleet waits by the same clock, which may go on only once it is there.
        time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Readings: 36, Unacknowledged: 0 });
        await Eventually.IsTrueAsync(time, TimeSpan.FromMilliseconds(100), () => running.IsCompleted);

        Assert.Equal(36, (await running).Readings);
        Assert.Equal(Enumerable.Range(1, 36), Reports(broker).Select(report => int.Parse(report.Properties["seq"], CultureInfo.InvariantCulture)));
        Assert.All(Reports(broker).Skip(1).Zip(Reports(broker).Skip(2)), pair => Assert.Equal(1, (At(pair.Second) - At(pair.First)).TotalSeconds, 0.002));
    }

    [Fact]
    public async Task Ids_are_made_of_namespace_and_pattern_and_serials_run_through_the_fleet()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker), Plan(
            Pumps(2) with { IdPattern = "north/{kind}.{n:000}".Replace('/', '-') },
            Pumps(1) with { Name = "valve" }) with { Namespace = "acme" });
        Assert.Equal(["acme:north-pump.001", "acme:north-pump.002", "acme:valve-1"], fleet.Ids);
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Ids.All(id => Reports(broker, id).Count > 0));
        Assert.Equal([1, 2, 3], fleet.Ids.Select(id => Reports(broker, id)[0].Json["device"]!.GetValue<int>()));
        Assert.Equal("SN-000003", Reports(broker, fleet.Ids[2])[0].Json["serial"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_model_lives_through_the_moments_of_the_plan_and_no_others()
    {
        await using var broker = await TestBroker.StartAsync();
        FakeModel? model = null;
        await using var fleet = new SimulatedFleet(
            Options(broker),
            Plan(Pumps()) with { Start = Start, Speed = 10, Duration = TimeSpan.FromSeconds(10) },
            (_, serial, random, start) =>
            {
                Assert.Equal(Start, start);
                return model = new FakeModel(serial, random);
            });
        var running = fleet.RunAsync(null, Cancel);
        await Eventually.IsTrueAsync(() => fleet.Snapshot().Readings > 10);
        await broker.SendAsync(Contracts.Topics.NativeTopics.Desired(Pump), """{"setpoint":50}""");
        await broker.SendAsync(Contracts.Topics.NativeTopics.CommandRequest(Pump, "measure", "m"), "{}");
        await running;
        Assert.Equal(201, model!.Moments.Count);
        Assert.Equal(model.Moments.Order(), model.Moments);
        Assert.Single(broker.On(Contracts.Topics.NativeTopics.CommandResponse(Pump, "m")));
    }

    private static TimeSpan At(ReceivedMessage report) => DateTimeOffset.Parse(report.Properties["ts"], CultureInfo.InvariantCulture) - Start;

    private static async Task RunAsync(TestBroker broker, ReportPlan report, double seconds)
    {
        await using var fleet = Of(Options(broker), Plan(Pumps() with { Report = report }) with { Speed = 60, Duration = TimeSpan.FromSeconds(seconds) });
        await fleet.RunAsync(null, Cancel);
    }
}
