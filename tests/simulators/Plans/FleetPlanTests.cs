using Twins.Simulators.Behaviours;
using Twins.Simulators.Kinds;
using Twins.Simulators.Plans;
using Xunit;

namespace Twins.Simulators.Tests.Plans;

public sealed class FleetPlanTests
{
    [Fact]
    public void A_file_says_all_of_a_fleet()
    {
        var plan = Parse("""
            name: Test
            namespace: acme
            seed: 7
            start: 2026-02-03T04:05:06+01:00
            speed: 60x
            duration: 2h
            kinds:
              thing:
                count: 4
                id: "{kind}_{n:000}"
                gateway: 2
                sequence: true
                timestamps: true
                tags: {site: [a, b], note: "{n}", size: 5, live: true, more: {x: [1]}}
                report: {every: 5s, jitter: 10%, onChange: true, atLeastEvery: 1min, burst: 3, wholeOnce: true}
                desired: {reaction: accept, delay: 2s, properties: {level: reject, motor/limit: {reaction: ignore, delay: 1s}}}
                commands: {open: {status: 503, body: {error: stuck}, delay: 1s, probability: 20%}, stop: silence, "*": 404}
                properties:
                  level: {setting: 5, min: 0, max: 10}
                  motor/limit: {setting: 1}
                  flow: {formula: "=level * 2", deadBand: 0.5, decimals: 3}
                  base: {constant: 1, hidden: true}
            faults:
              - disconnect: {at: 1min, every: 5min, for: 10s, share: 33%}
              - reorder: {probability: 0.05, by: 2, kinds: thing}
              - skew: {by: -30s}
              - drift: {property: flow, by: -1.5}
              - slow: {delay: 250ms}
              - half-open: {probability: 1%}
            """);
        Assert.Equal(("Test", "acme", 7, 60, TimeSpan.FromHours(2)), (plan.Name, plan.Namespace, plan.Seed, plan.Speed, plan.Duration));
        Assert.Equal(new DateTimeOffset(2026, 2, 3, 3, 5, 6, TimeSpan.Zero), plan.Start);
        var kind = Assert.Single(plan.Kinds);
        Assert.Equal(("thing", 4, "{kind}_{n:000}", 2, true, true), (kind.Name, kind.Count, kind.IdPattern, kind.DevicesPerConnection, kind.Sequence, kind.Timestamps));
        Assert.Equal(
            ["site \"a\" \"b\"", "note \"{n}\"", "size 5", "live true", "more {\"x\":[1]}"],
            kind.Tags.Select(static tag => $"{tag.Key} {string.Join(' ', tag.Value)}"));
        Assert.Equal(
            new ReportPlan { Interval = TimeSpan.FromSeconds(5), Jitter = 0.1, OnChange = true, AtLeastEvery = TimeSpan.FromMinutes(1), Burst = 3, WholeOnce = true },
            kind.Report);
        Assert.Equal(new ReactionPlan(Reaction.Accept, TimeSpan.FromSeconds(2)), kind.Desired);
        Assert.Equal(new ReactionPlan(Reaction.Reject), kind.DesiredOf["level"]);
        Assert.Equal(new ReactionPlan(Reaction.Ignore, TimeSpan.FromSeconds(1)), kind.DesiredOf["motor/limit"]);
        Assert.Equal(new CommandPlan(503, """{"error":"stuck"}""", TimeSpan.FromSeconds(1), 0.2), kind.Commands["open"]);
        Assert.Equal((0, 404), (kind.Commands["stop"].Status, kind.Commands["*"].Status));
        Assert.Equal(["level", "motor/limit", "flow", "base"], kind.Properties.Select(static property => property.Path));
        Assert.Equal((0.5, 3, true), (kind.Properties[2].DeadBand, kind.Properties[2].Decimals, kind.Properties[3].Hidden));
        Assert.Equal(
            [FaultKind.Disconnect, FaultKind.Reorder, FaultKind.Skew, FaultKind.Drift, FaultKind.Slow, FaultKind.HalfOpen],
            plan.Faults.Select(static fault => fault.Kind));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), 0.33), (plan.Faults[0].At, plan.Faults[0].Every, plan.Faults[0].For, plan.Faults[0].Share));
        Assert.Equal((0.05, 2, "thing"), (plan.Faults[1].Probability, plan.Faults[1].By, plan.Faults[1].Kinds.Single()));
        Assert.Equal((-30, -1.5, TimeSpan.FromMilliseconds(250), 0.01), (plan.Faults[2].By, plan.Faults[3].By, plan.Faults[4].Up, plan.Faults[5].Probability));
    }

    [Fact]
    public void What_a_file_leaves_out_has_a_default_that_repeats()
    {
        var plan = Parse("kinds: {pump: }");
        Assert.Equal(("fleet", "sim", null, 1, null), (plan.Name, plan.Namespace, plan.Seed, plan.Speed, plan.Duration));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), plan.Start);
        Assert.Null(Parse("start: now\nkinds: {pump: }").Start);
        Assert.Equal((1, "{kind}-{n}", 1), (plan.Kinds[0].Count, plan.Kinds[0].IdPattern, plan.Kinds[0].DevicesPerConnection));
    }

    [Fact]
    public void A_kind_takes_over_what_it_does_not_override()
    {
        var kinds = Parse("""
            kinds:
              base:
                extends: pump
                count: 5
                report: {every: 5s, jitter: 10%}
                properties:
                  vibration: ~
                  pressure: {uniform: [1, 2]}
                  extra: 5
              special:
                extends: base
                report: {every: 1s}
                properties:
                  flow: {deadBand: 9}
                  extra: 6
            """).Kinds;
        var special = kinds[1];
        Assert.Equal((5, TimeSpan.FromSeconds(1), 0.1), (special.Count, special.Report.Interval, special.Report.Jitter));
        Assert.DoesNotContain(special.Properties, static property => property.Path == "vibration");
        var pressure = special.Properties.Single(static property => property.Path == "pressure");
        Assert.IsType<UniformBehaviour>(pressure.Behaviour);
        Assert.Equal((0.05, 3), (pressure.DeadBand, pressure.Decimals));
        var flow = special.Properties.Single(static property => property.Path == "flow");
        Assert.IsType<FormulaBehaviour>(flow.Behaviour);
        Assert.Equal(9, flow.DeadBand);
        Assert.Contains(KindLibrary.Find("pump")!.Properties, static property => property.Path == "vibration");
    }

    [Fact]
    public void Aliases_stand_for_what_they_name()
    {
        var plan = Parse("kinds:\n  a: {extends: pump, report: &often {every: 1s}}\n  b: {extends: pump, report: *often}\n");
        Assert.All(plan.Kinds, static kind => Assert.Equal(TimeSpan.FromSeconds(1), kind.Report.Interval));
    }

    [Theory]
    [InlineData("{kind}-{n}", "pump-7")]
    [InlineData("{n:000}.{kind}", "007.pump")]
    [InlineData("x", "x")]
    public void Patterns_are_filled_in(string pattern, string expected)
    {
        Assert.Null(IdPattern.Problem(pattern));
        Assert.Equal(expected, IdPattern.Fill(pattern, "pump", 7));
    }

    private static FleetPlan Parse(string text) => FleetFile.Parse("fleet.yaml", text);
}
