using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Twins.Contracts.Topics;
using Twins.Simulators.Devices;
using Twins.Simulators.Fleet;
using Twins.Simulators.Plans;
using Xunit;
using static Twins.Simulators.Tests.Fleets;

namespace Twins.Simulators.Tests;

/// <summary>What a plan says devices do with what is desired of them and with commands.</summary>
public sealed class ReactionTests
{
    private static readonly ReactionPlan Rejected = new(Reaction.Reject);
    private static readonly ReactionPlan Ignored = new(Reaction.Ignore);

    [Fact]
    public async Task What_is_rejected_is_answered_with_what_there_is()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, kind: Quiet() with { Desired = Rejected });
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":61,"interval":7,"unheard-of":1,"$revision":4}""");
        await Eventually.IsTrueAsync(() => Reports(broker).Count == 2);
        Assert.Equal("""{"setpoint":40,"interval":3600}""", Reports(broker)[1].Payload);
        Assert.Equal(0, fleet.Snapshot().DesiredTaken);
        Assert.Equal(3, fleet.Snapshot().DesiredRefused);
    }

    [Fact]
    public async Task What_is_rejected_and_not_known_is_not_answered_and_costs_no_number()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, sequence: true, kind: Quiet() with { Desired = Rejected });
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"unheard-of":1}""");
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":1}""");
        await Eventually.IsTrueAsync(() => Reports(broker).Count == 2);
        Assert.Equal("2", Reports(broker)[1].Properties["seq"]);
    }

    [Fact]
    public async Task What_is_ignored_is_not_answered()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, kind: Quiet() with { Desired = Ignored, DesiredOf = Of(("mode", ReactionPlan.AtOnce)) });
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":61}""");
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":61,"mode":"eco"}""");
        await Eventually.IsTrueAsync(() => Reports(broker).Count == 2);
        Assert.Equal("""{"mode":"eco"}""", Reports(broker)[1].Payload);
        Assert.Equal(1, fleet.Snapshot().DesiredTaken);
    }

    [Fact]
    public async Task Parts_of_an_object_have_rules_of_their_own()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, kind: Quiet() with
        {
            DesiredOf = Of(("net/wifi/key", Ignored), ("motor/rpm", Rejected), ("net/mtu", new ReactionPlan(Reaction.Accept, TimeSpan.FromSeconds(0.3)))),
        });
        await broker.SendAsync(
            NativeTopics.Desired(Pump),
            """{"net":{"wifi":{"ssid":"plant","key":"k"},"mtu":1400,"dns":["a"]},"mode":{"deep":{}}}""");
        await Eventually.IsTrueAsync(() => Reports(broker).Count == 3);
        Assert.Equal("""{"net":{"wifi":{"ssid":"plant"},"dns":["a"]},"mode":{"deep":{}}}""", Reports(broker)[1].Payload);
        Assert.Equal("""{"net":{"mtu":1400}}""", Reports(broker)[2].Payload);

        // Partly taken, partly rejected: the member as it is then.
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"motor":{"rpm":1,"limit":55}}""");
        await Eventually.IsTrueAsync(() => Reports(broker).Count == 4);
        Assert.Equal("""{"motor":{"rpm":R,"limit":55}}""", Reports(broker)[3].Payload.Replace(
            Reports(broker)[3].Json["motor"]!["rpm"]!.ToJsonString(), "R", StringComparison.Ordinal));
        Assert.NotEqual(1, Reports(broker)[3].Json["motor"]!["rpm"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_takes_a_while_is_taken_after_it_by_the_clock_of_the_fleet()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartAsync(broker, speed: 100, Quiet() with { Desired = new ReactionPlan(Reaction.Accept, TimeSpan.FromSeconds(50)) });
        var since = Stopwatch.GetTimestamp();
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":61}""");
        await Eventually.IsTrueAsync(() => Reports(broker).Count == 2);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0.49, 10);
        Assert.Equal("""{"setpoint":61}""", Reports(broker)[1].Payload);
    }

    [Fact]
    public async Task The_latest_desired_wins_over_what_is_still_being_thought_about()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartAsync(broker, speed: 1, Quiet() with { Desired = new ReactionPlan(Reaction.Accept, TimeSpan.FromSeconds(0.6)) });
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":61,"mode":"eco","gone":1}""");
        await broker.SendAsync(NativeTopics.Desired(Pump), """{"setpoint":62,"mode":"eco"}""");
        await Eventually.IsTrueAsync(() => fleet.Snapshot().DesiredTaken > 0 && Reports(broker).Skip(1).Any(report => report.Json.ContainsKey("setpoint")));
        var said = string.Join(' ', Reports(broker).Skip(1).Select(report => report.Payload));
        Assert.Contains("\"setpoint\":62", said, StringComparison.Ordinal);
        Assert.Contains("\"mode\":\"eco\"", said, StringComparison.Ordinal);
        Assert.DoesNotContain("61", said, StringComparison.Ordinal);
        Assert.DoesNotContain("gone", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_are_those_of_the_nearest_name()
    {
        var rules = new DesiredRules(Ignored, Of(("a", Rejected), ("a/b/c", ReactionPlan.AtOnce)));
        using var delta = JsonDocument.Parse("""{"a":{"b":{"c":1,"d":2},"e":{}},"f":{"a":1},"$revision":3}""");
        Assert.Equal(
            ["a/b/c Accept", "a/b/d Reject", "a/e Reject", "f Ignore"],
            rules.Split(delta.RootElement).Select(change => $"{string.Join('/', change.Path)} {change.Reaction.Reaction}"));
    }

    [Theory]
    [InlineData("open", 200, """{"open":true}""")]
    [InlineData("jam", 503, "{}")]
    [InlineData("ping", 418, """{"pot":1}""")]
    [InlineData("anything", 501, """{"else":1}""")]
    public async Task A_command_is_answered_as_the_plan_says(string name, int status, string body)
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, kind: Quiet() with
        {
            Commands = Commands(
                ("open", new CommandPlan(200, """{"open":true}""")), ("jam", new CommandPlan(503)), ("ping", new CommandPlan(418, """{"pot":1}""")),
                ("*", new CommandPlan(501, """{"else":1}"""))),
        });
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, name, "c"), "{}");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "identify", "built-in"), "{}");
        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "built-in")).Count == 1);
        var answer = Assert.Single(broker.On(NativeTopics.CommandResponse(Pump, "c")));
        Assert.Equal(status.ToString(CultureInfo.InvariantCulture), answer.Properties["status"]);
        Assert.Equal(body, answer.Payload);
        Assert.Equal("200", broker.On(NativeTopics.CommandResponse(Pump, "built-in"))[0].Properties["status"]);
    }

    [Fact]
    public async Task Silence_is_no_answer_and_is_counted()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartOnePumpAsync(broker, kind: Quiet() with { Commands = Commands(("hush", new CommandPlan(0))) });
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "hush", "h"), "{}");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "hush", "h"), "{}");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "ping", "p"), "{}");
        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "p")).Count == 1);
        Assert.Empty(broker.On(NativeTopics.CommandResponse(Pump, "h")));
        Assert.Equal(1, fleet.Snapshot().CommandsSilent);
        Assert.Equal(1, fleet.Snapshot().CommandsAnswered);
    }

    [Fact]
    public async Task An_answer_takes_its_time_and_is_given_once_also_when_the_command_comes_again()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var fleet = await StartAsync(broker, speed: 100, Quiet() with { Commands = Commands(("move", new CommandPlan(200, Delay: TimeSpan.FromSeconds(60)))) });
        var since = Stopwatch.GetTimestamp();
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "move", "m"), "{}");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "move", "m"), "{}");
        await broker.SendAsync(NativeTopics.CommandRequest(Pump, "move", "n"), "{}");
        await Eventually.IsTrueAsync(() => broker.On(NativeTopics.CommandResponse(Pump, "n")).Count == 1);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0.59, 10);
        Assert.Single(broker.On(NativeTopics.CommandResponse(Pump, "m")));
    }

    [Fact]
    public async Task Chance_decides_by_the_seed()
    {
        async Task<string> RunAsync(int seed)
        {
            await using var broker = await TestBroker.StartAsync();
            await using var fleet = Fleets.Of(
                Options(broker) with { Seed = seed }, Plan(Quiet() with { Commands = Commands(("jam", new CommandPlan(503, Probability: 0.5))) }));
            fleet.Start();
            await Eventually.IsTrueAsync(() => broker.Subscriptions.Contains((Pump, NativeTopics.CommandsFilter(Pump))));
            for (var command = 0; command < 40; command++)
            {
                await broker.SendAsync(NativeTopics.CommandRequest(Pump, "jam", $"{command}"), "{}");
            }

            await Eventually.IsTrueAsync(() => fleet.Snapshot().CommandsAnswered == 40 && broker.On(NativeTopics.CommandResponse(Pump, "39")).Count == 1);
            return string.Concat(Enumerable.Range(0, 40).Select(command =>
                broker.On(NativeTopics.CommandResponse(Pump, $"{command}"))[0].Properties["status"] == "503" ? "x" : "."));
        }

        var once = await RunAsync(1);
        Assert.InRange(once.Count(answer => answer == 'x'), 8, 32);
        Assert.Equal(once, await RunAsync(1));
        Assert.NotEqual(once, await RunAsync(2));
    }

    // One report when it connects, and then for an hour only what it is asked for.
    private static KindPlan Quiet() => Pumps() with { Report = new ReportPlan { Interval = TimeSpan.FromHours(1) } };

    private static Dictionary<string, ReactionPlan> Of(params (string Path, ReactionPlan Reaction)[] rules) =>
        rules.ToDictionary(rule => rule.Path, rule => rule.Reaction, StringComparer.Ordinal);

    private static Dictionary<string, CommandPlan> Commands(params (string Name, CommandPlan Command)[] commands) =>
        commands.ToDictionary(command => command.Name, command => command.Command, StringComparer.Ordinal);

    private static async Task<SimulatedFleet> StartAsync(TestBroker broker, double speed, KindPlan kind)
    {
        var fleet = Fleets.Of(Options(broker), Plan(kind) with { Speed = speed });
        fleet.Start();
        await Eventually.IsTrueAsync(() => broker.Subscriptions.Contains((Pump, NativeTopics.CommandsFilter(Pump))) && Reports(broker).Count == 1);
        return fleet;
    }
}
