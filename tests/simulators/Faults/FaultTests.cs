using System.Globalization;
using System.Text.Json;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Plans;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

/// <summary>Every fault as a broker sees it. The plans last six seconds of a fleet's clock that runs four times as fast as ours.</summary>
public sealed class FaultTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_storm_ends_connections_without_a_word_and_they_come_back()
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Disconnect) { At = TimeSpan.FromSeconds(2), Share = 0.5 }, devices: 8);
        Assert.Equal(4, broker.Connects.Values.Count(connects => connects == 2));
        Assert.Equal(4, broker.Connects.Values.Count(connects => connects == 1));
        Assert.Equal(4, end.Faults["disconnect"]);
        Assert.Equal(0, end.LostConnections);

        // The first report of a connection has everything, also in the middle.
        var struck = broker.Connects.First(connects => connects.Value == 2).Key;
        Assert.Equal(2, Reports(broker, struck).Count(report => report.Json.ContainsKey("setpoint")));
    }

    [Fact]
    public async Task Connections_end_by_chance_in_any_minute()
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(
            broker, new FaultPlan(FaultKind.Disconnect) { Probability = 1, For = TimeSpan.FromSeconds(1) }, devices: 4, seconds: 180, interval: 10, speed: 120);
        Assert.Equal(12, end.Faults["disconnect"]);
        Assert.All(broker.Connects.Values, connects => Assert.Equal(4, connects));
    }

    [Fact]
    public async Task A_flapping_connection_ends_again_and_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Flap)
        {
            At = TimeSpan.FromSeconds(1), For = TimeSpan.FromSeconds(4), Up = TimeSpan.FromSeconds(0.8), Down = TimeSpan.FromSeconds(0.4),
        });

        // Down at 1.8 s, 3.0 s and 4.2 s.
        Assert.Equal(3, end.Faults["flap"]);
        Assert.Equal(4, broker.Connects[Pump]);
    }

    [Fact]
    public async Task A_fault_of_a_shared_connection_strikes_it_once()
    {
        await using var broker = await TestBroker.StartAsync();
        var plan = Six(Pumps(6) with { DevicesPerConnection = 3, Report = Often }, new FaultPlan(FaultKind.Disconnect) { At = TimeSpan.FromSeconds(2), Share = 0.5 });
        await using var fleet = Of(Options(broker), plan);
        Assert.Equal(1, (await fleet.RunAsync(null, Cancel)).Faults["disconnect"]);
    }

    [Fact]
    public async Task A_duplicate_is_the_same_message_marked_as_one()
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Duplicate) { Probability = 0.3, At = TimeSpan.FromSeconds(1), For = TimeSpan.FromSeconds(4) });
        await Eventually.IsTrueAsync(() => Reports(broker).Count(report => report.Dup) == end.Faults["duplicate"]);
        Assert.InRange(end.Faults["duplicate"], 5, 40);
        var reports = Reports(broker);
        for (var index = 0; index < reports.Count; index++)
        {
            if (reports[index].Dup)
            {
                Assert.Equal(reports[index].Payload, reports[index - 1].Payload);
            }
        }

        Assert.Equal(reports.Count(report => !report.Dup), end.Readings);
        Assert.Equal(0, end.Unacknowledged);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_reordered_report_comes_behind_later_ones(int by)
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Reorder) { Probability = 0.1, By = by });
        var numbers = Reports(broker).Select(Seq).ToList();
        Assert.Equal(end.Readings, numbers.Count);
        Assert.Equal(Enumerable.Range(1, numbers.Count), numbers.Order());

        // Behind so many that were sent; those at the end have no later ones.
        var behind = numbers.Where((number, index) => index > 0 && numbers[..index].Max() > number).ToList();
        Assert.InRange(behind.Count, end.Faults["reorder"] - by, end.Faults["reorder"]);
        Assert.NotEmpty(behind);
        Assert.All(behind.Where(number => number < numbers.Count - 3 * by), number =>
        {
            var before = numbers[..numbers.IndexOf(number)];
            Assert.True(before.Count(other => other > number && !behind.Contains(other)) <= by);
            Assert.True(before.Count(other => other > number) >= by);
        });
    }

    [Fact]
    public async Task A_clock_is_off_and_right_again()
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Skew) { By = -90, At = TimeSpan.FromSeconds(2), For = TimeSpan.FromSeconds(2) });
        Assert.Equal(1, end.Faults["skew"]);
        var off = Reports(broker).Where(report => At(report) < TimeSpan.Zero).ToList();
        Assert.All(off, report => Assert.InRange(At(report).TotalSeconds + 90, 2, 4));
        Assert.InRange(off.Count, 35, 45);
    }

    [Fact]
    public async Task A_clock_that_nobody_sees_is_said()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = Of(Options(broker), Plan(Pumps()) with { Faults = [new FaultPlan(FaultKind.Skew) { By = 5 }] });
        Assert.Contains("clock of a pump is off, and nobody will see it", Assert.Single(fleet.Snapshot().Troubles).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stuck_property_keeps_its_value_as_often_as_the_plan_says()
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Stuck)
        {
            Property = "motor/rpm", At = TimeSpan.FromSeconds(1), For = TimeSpan.FromSeconds(1), Every = TimeSpan.FromSeconds(3),
        });
        Assert.Equal(2, end.Faults["stuck"]);
        foreach (var (from, to, stuck) in new[] { (0, 1, false), (1, 2, true), (2, 4, false), (4, 5, true), (5, 6, false) })
        {
            var values = Reports(broker).Where(report => At(report).TotalSeconds >= from && At(report).TotalSeconds < to)
                .Select(report => report.Json["motor"]!["rpm"]!.GetValue<int>()).Distinct().Count();
            Assert.Equal(stuck, values == 1);
        }
    }

    [Fact]
    public async Task A_drifting_property_wanders_off()
    {
        await using var broker = await TestBroker.StartAsync();
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Drift) { Property = "flow", By = 3_600_000, At = TimeSpan.FromSeconds(3), Kinds = ["pump"] });
        Assert.Equal(1, end.Faults["drift"]);
        var last = Reports(broker)[^1];

        // 1,000 a second for three seconds, beside what it counts.
        Assert.Equal(3000, last.Json["flow"]!.GetValue<double>() - Seq(last), 100.0);
        Assert.All(Reports(broker).Where(report => At(report).TotalSeconds < 3), report => Assert.Equal(Seq(report), report.Json["flow"]!.GetValue<double>()));
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Broken_payloads_are_of_every_sort_and_no_reports(MqttProtocol protocol)
    {
        await using var broker = await TestBroker.StartAsync();
        var ledger = new FakeLedger();
        var plan = Six(Pumps() with { Report = Often, Sequence = true }, new FaultPlan(FaultKind.Malformed) { Probability = 0.4, At = TimeSpan.FromSeconds(1) });
        await using var fleet = Of(Options(broker) with { Protocol = protocol, Ledger = ledger }, plan);
        var end = await fleet.RunAsync(null, Cancel);
        var broken = Reports(broker).Where(IsBroken).ToList();
        Assert.Equal(end.Faults["malformed"], broken.Count);
        Assert.InRange(broken.Count, 20, 70);
        Assert.Contains(broken, report => report.Payload.Length == 0);
        Assert.Contains(broken, report => report.Payload.StartsWith('['));
        Assert.Contains(broken, report => report.Payload.StartsWith('"'));
        Assert.Contains(broken, report => report.Payload.Contains('\uFFFD', StringComparison.Ordinal));
        Assert.Contains(broken, report => report.Payload.StartsWith('{') && !IsObject(report.Payload));
        Assert.Contains(broken, report => IsObject(report.Payload));

        // The ledger has the others, all of them and nothing else.
        Assert.Equal(end.Readings - broken.Count, ledger.Entries.Count);
        Assert.All(ledger.Entries, entry => Assert.True(entry.Acknowledged));
    }

    [Fact]
    public async Task What_the_platform_says_to_broken_payloads_is_expected()
    {
        await using var broker = await TestBroker.StartAsync();
        broker.BeforeAcknowledge = async publish =>
        {
            if (publish.ApplicationMessage.Topic == NativeTopics.Reported(Pump))
            {
                publish.Response.ReasonCode = MQTTnet.Protocol.MqttPubAckReasonCode.PayloadFormatInvalid;
                await broker.SendAsync(NativeTopics.Errors(Pump), """{"code":"payload-not-json"}""");
            }
        };
        var end = await RunAsync(broker, new FaultPlan(FaultKind.Malformed));
        Assert.Equal(end.Readings, end.Refused);
        Assert.Equal(end.Readings, end.Faults["malformed"]);
        Assert.True(end.ProblemsExpected > 0);
        Assert.Equal(end.Problems, end.ProblemsExpected);
        Assert.Equal(0, end.Errors);
    }

    [Fact]
    public async Task A_slow_consumer_takes_its_time_for_each_message()
    {
        await using var broker = await TestBroker.StartAsync();
        var plan = Plan(Pumps() with { Report = new ReportPlan { Interval = TimeSpan.FromHours(1) } }) with
        {
            Faults = [new FaultPlan(FaultKind.Slow) { Up = TimeSpan.FromSeconds(0.3) }],
        };
        await using var fleet = Of(Options(broker), plan);
        fleet.Start();
        await Eventually.IsTrueAsync(() => fleet.Snapshot() is { Unacknowledged: 0, Readings: 1 } now && now.Faults.ContainsKey("slow"));
        var since = TimeProvider.System.GetTimestamp();
        for (var command = 0; command < 5; command++)
        {
            await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", $"c-{command}"), "{}");
        }

        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "c-4")).Count == 1);
        Assert.True(TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(1.4));
    }

    [Fact]
    public async Task A_half_open_connection_is_silent_and_then_abandoned()
    {
        await using var broker = await TestBroker.StartAsync();
        var times = new List<DateTime>();
        broker.BeforeAcknowledge = _ =>
        {
            lock (times)
            {
                times.Add(DateTime.UtcNow);
            }

            return Task.CompletedTask;
        };
        var end = await RunAsync(broker, new FaultPlan(FaultKind.HalfOpen) { At = TimeSpan.FromSeconds(2), For = TimeSpan.FromSeconds(3) });
        Assert.Equal(1, end.Faults["half-open"]);
        Assert.Equal(2, broker.Connects[Pump]);

        // Three seconds of the fleet's clock are three quarters of ours.
        Assert.True(times.Zip(times.Skip(1), (one, next) => next - one).Max() > TimeSpan.FromSeconds(0.7));
        Assert.Equal(0, end.Skipped);
        Assert.Equal(121, end.Readings);
    }

    private static ReportPlan Often => new() { Interval = TimeSpan.FromSeconds(0.05) };

    private static FleetPlan Six(KindPlan kind, FaultPlan fault) => Plan(kind) with
    {
        Start = Start,
        Speed = 4,
        Duration = TimeSpan.FromSeconds(6),
        Faults = [fault],
    };

    private static async Task<FleetSnapshot> RunAsync(
        TestBroker broker, FaultPlan fault, int devices = 1, double seconds = 6, double interval = 0.05, double speed = 4)
    {
        var kind = Pumps(devices) with { Report = new ReportPlan { Interval = TimeSpan.FromSeconds(interval) }, Sequence = true, Timestamps = true };
        await using var fleet = Of(Options(broker), Six(kind, fault) with { Speed = speed, Duration = TimeSpan.FromSeconds(seconds) });
        var end = await fleet.RunAsync(null, Cancel);
        Assert.Equal(0, end.Unacknowledged);
        return end;
    }

    private static int Seq(ReceivedMessage report) => int.Parse(report.Properties["seq"], CultureInfo.InvariantCulture);

    private static TimeSpan At(ReceivedMessage report) => DateTimeOffset.Parse(report.Properties["ts"], CultureInfo.InvariantCulture) - Start;

    private static bool IsBroken(ReceivedMessage report) => !IsObject(report.Payload)
        || report.Properties.GetValueOrDefault("seq") == "soon" || report.Json["$seq"]?.GetValueKind() == JsonValueKind.String;

    private static bool IsObject(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
