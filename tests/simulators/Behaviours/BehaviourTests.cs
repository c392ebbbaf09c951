using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Twins.Simulators.Devices;
using Xunit;

namespace Twins.Simulators.Tests.Behaviours;

public sealed class BehaviourTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("constant: 4.5", "4.5")]
    [InlineData("constant: true", "true")]
    [InlineData("constant: \"5\"", "\"5\"")]
    [InlineData("constant: \"ü \\\"x\\\"\"", "\"ü \\\"x\\\"\"")]
    [InlineData("formula: 7 % 4 + 2 ^ 3", "11")]
    [InlineData("formula: -2 ^ 2", "-4")]
    [InlineData("formula: not (1 > 2) and 'a' == \"a\"", "true")]
    [InlineData("formula: \"1 > 2 ? 'x' : 2 >= 2 ? 'y' : 'z'\"", "\"y\"")]
    [InlineData("formula: clamp(12, 0, 10) + min(3, 1, 2) + round(2.345, 1)", "13.3")]
    [InlineData("formula: if(false, 1, 0 - 0.001)", "0")]
    [InlineData("formula: hour + weekday / 10 + day / 100", "0.41")]
    public void Values_are_written_as_json(string behaviour, string expected) =>
        Assert.Equal($$"""{"v":{{expected}}}""", Models.Of($"v: {{{behaviour}}}".Replace("{" + behaviour + "}", "\n  " + behaviour, StringComparison.Ordinal)).Text());

    [Fact]
    public void Noise_has_the_mean_and_the_deviation_it_was_given()
    {
        var model = Models.Of("u: {uniform: [10, 20], decimals: 6}\nn: {normal: [5, 2], decimals: 6}\nf: {formula: '=3 + noise(0.5)', decimals: 6}\nc: =chance(0.3)");
        var values = model.Pass(TimeSpan.FromSeconds(20_000), Second).Select(_ => model.Json()).ToList();
        var (u, n, f) = (Of(values, "u"), Of(values, "n"), Of(values, "f"));
        Assert.All(u, static value => Assert.InRange(value, 10, 20));
        Assert.Equal(15, u.Average(), 0.1);
        Assert.Equal(10 / Math.Sqrt(12), Deviation(u), 0.05);
        Assert.Equal(5, n.Average(), 0.06);
        Assert.Equal(2, Deviation(n), 0.05);
        Assert.Equal(0.5, Deviation(f), 0.02);
        Assert.Equal(0.3, values.Average(static value => value["c"]!.GetValue<bool>() ? 1.0 : 0), 0.02);

        // Two thirds within one deviation, as of a bell.
        Assert.Equal(0.683, n.Average(static value => Math.Abs(value - 5) < 2 ? 1.0 : 0), 0.015);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(600)]
    [InlineData(3600)]
    public void A_free_walk_spreads_with_time_and_not_with_steps(int step)
    {
        var kind = Models.Kind("w: {walk: {spread: 2, start: 0}, decimals: 6}");
        var ends = Enumerable.Range(1, 800).Select(serial =>
        {
            var model = Models.Make(kind, serial: serial);
            foreach (var _ in model.Pass(Hour * 4, TimeSpan.FromSeconds(step)))
            {
            }

            return model.Number("w");
        }).ToList();
        Assert.Equal(0, ends.Average(), 0.5);
        Assert.Equal(4, Deviation(ends), 0.4);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(120)]
    public void A_walk_with_a_mean_comes_back_to_it(int step)
    {
        var model = Models.Of("w: {walk: {mean: 45, spread: 4, memory: 1min, start: 90}, decimals: 6}");
        var values = model.Pass(Hour * 200, TimeSpan.FromSeconds(step)).Select(_ => model.Number("w")).Skip(200).ToList();
        Assert.Equal(45, values.Average(), 0.5);
        Assert.Equal(4, Deviation(values), 0.25);
    }

    [Fact]
    public void A_walk_stays_in_its_range() => Gen.Select(Gen.Int, Gen.Double[0, 1000], Gen.Double[0.001, 1e6].Array[1, 30]).Sample((seed, spread, steps) =>
    {
        var model = Models.Make(Models.Kind(string.Create(CultureInfo.InvariantCulture, $"w: {{walk: {{spread: {spread:0.###}}}, min: -3, max: 9}}")), seed);
        var now = Models.Start;
        foreach (var step in steps)
        {
            model.Advance(now = now.AddSeconds(step));
            Assert.InRange(model.Number("w"), -3, 9);
        }
    }, iter: 200);

    [Fact]
    public void A_sine_keeps_to_the_clock()
    {
        var model = Models.Of("s: {sine: {mean: 9, amplitude: 6, period: 1d, phase: 9h}}");
        var values = model.Pass(TimeSpan.FromDays(3), Hour).ToDictionary(static at => at, _ => model.Number("s"));
        Assert.Equal(9, values[Models.Start.AddHours(9)], 0.01);
        Assert.Equal(15, values[Models.Start.AddHours(15)], 0.01);
        Assert.Equal(3, values[Models.Start.AddHours(27)], 0.01);
        var random = Models.Kind("s: {sine: {amplitude: 6, period: 1d, phase: random}}");
        Assert.NotEqual(Models.Make(random, serial: 1).Number("s"), Models.Make(random, serial: 2).Number("s"));
    }

    [Fact]
    public void A_daily_curve_goes_through_its_points_on_each_kind_of_day()
    {
        var model = Models.Of("""
            d: {daily: {weekdays: {06:00: 10, 18:00: 22}, weekend: {12:00: 100}}}
            s: {daily: {points: {06:00: 10, 18:00: 22}, stepped: true}}
            """);
        var values = model.Pass(TimeSpan.FromDays(4), Hour).ToDictionary(static at => at, _ => (D: model.Number("d"), S: model.Number("s")));
        Assert.Equal((10, 10), values[Models.Start.AddHours(6)]);
        Assert.Equal((16, 10), values[Models.Start.AddHours(12)]);
        Assert.Equal((22, 22), values[Models.Start.AddHours(18)]);

        // Over midnight, down to the next morning.
        Assert.Equal((16, 22), values[Models.Start.AddHours(24)]);

        // From Friday evening up to Saturday noon, a weekend that stays, and down to Monday morning.
        Assert.Equal(61, values[Models.Start.AddHours(51)].D, 0.01);
        Assert.Equal(100, values[Models.Start.AddHours(72)].D, 0.01);
        Assert.Equal(70, values[Models.Start.AddHours(90)].D, 0.01);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(600)]
    public void States_last_as_long_as_they_should_on_average(int step)
    {
        var model = Models.Of("""
            m:
              markov:
                states:
                  idle: {stay: 10min, next: {busy: 3, off: 1}}
                  busy: {stay: 5min, next: idle}
                  off: {stay: 20min, next: idle}
            """);
        var values = model.Pass(TimeSpan.FromDays(step == 1 ? 8 : 60), TimeSpan.FromSeconds(step))
            .Select(_ => model.Json()["m"]!.GetValue<string>()).ToList();

        // Of each round: 10 minutes idle, 3/4 of 5 busy, 1/4 of 20 off.
        Assert.Equal(10 / 18.75, Share("idle"), 0.035);
        Assert.Equal(3.75 / 18.75, Share("busy"), 0.035);
        Assert.Equal(5 / 18.75, Share("off"), 0.035);
        double Share(string state) => values.Count(value => value == state) / (double)values.Count;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1800)]
    public void A_counter_counts_by_time_wraps_and_starts_again_at_midnight(int step)
    {
        var model = Models.Of("""
            up: {counter: {rate: 100, start: 5}}
            byRate: {counter: '=if(hour < 1000, 60, 0)'}
            wrapped: {counter: {rate: 100, wrap: 250}}
            down: {counter: {rate: -10, start: 35, wrap: [30, 60]}}
            daily: {counter: {rate: 2, resetEvery: 1d}}
            """);
        foreach (var _ in model.Pass(Hour * 30, TimeSpan.FromSeconds(step)))
        {
        }

        Assert.Equal("""{"up":3005,"byRate":1800,"wrapped":0,"down":35,"daily":12}""", model.Text().Replace("\"wrapped\":250", "\"wrapped\":0", StringComparison.Ordinal));
    }

    [Fact]
    public void What_approaches_is_nearly_there_within_its_time_whatever_the_step()
    {
        var kind = Models.Kind("to: {setting: 100}\nx: {approach: {target: =to, within: 2min, start: 0}, decimals: 3}");
        var (fine, coarse) = (Models.Make(kind), Models.Make(kind));
        foreach (var _ in fine.Pass(Minute * 2, Second))
        {
        }

        coarse.Advance(Models.Start + Minute * 2);
        Assert.Equal(95.021, fine.Number("x"), 0.002);
        Assert.Equal(fine.Number("x"), coarse.Number("x"), 0.002);
    }

    [Theory]
    [InlineData("loop", 51.0, 90)]
    [InlineData("back", 51.0, 270)]
    [InlineData("stop", 52.0, 90)]
    public void A_track_ends_as_it_was_told(string end, double expected, double _)
    {
        // Two degrees north and back are 4 × 111.2 km.
        var model = Models.Of($"p: {{track: {{route: [[51, 5], [52, 5]], speed: 111.195, end: {end}}}}}\nd: =distance(p)\nh: =heading(p)\nv: =speed(p)\nlat: =lat(p)");
        foreach (var at in model.Pass(Hour * 2, Minute))
        {
            Assert.InRange(model.Json()["p"]!["lat"]!.GetValue<double>(), 51, 52.000001);
            if (at == Models.Start + Minute * 30)
            {
                Assert.Equal(51.5, model.Number("lat"), 0.01);
                Assert.Equal(0, model.Number("h"), 0.01);
                Assert.Equal(111.2, model.Number("v"), 0.1);
            }
        }

        Assert.Equal(expected, model.Json()["p"]!["lat"]!.GetValue<double>(), 0.01);
        Assert.Equal(end == "stop" ? 111.2 : 222.4, model.Number("d"), 0.2);
        Assert.Equal(end == "stop" ? 0 : 111.2, model.Number("v"), 0.1);
    }

    [Fact]
    public void A_formula_knows_the_moment_before_and_keeps_its_value_where_it_has_none()
    {
        var model = Models.Of("count: =last(count) + 1\nbroken: =1 / max(0, 3 - count)\npath/to: =count * 2\nback: =path.to + [path/to]");
        foreach (var _ in model.Pass(Second * 4, Second))
        {
        }

        Assert.Equal("""{"count":5,"broken":1,"path":{"to":10},"back":20}""", model.Text());
    }

    [Fact]
    public void Settings_are_taken_by_type_and_whole_or_not_at_all()
    {
        var model = Models.Of("""
            mode: {setting: {default: auto, options: [auto, manual]}}
            label: {setting: none}
            motor/limit: {setting: 5, min: 0, max: 10}
            motor/rpm: =if(mode == "manual", 1, 2)
            """);
        Assert.False(model.Take("mode", "\"off\""));
        Assert.True(model.Take("mode", "\"manual\""));
        Assert.True(model.Take("label", "\"ü\\\"\""));
        Assert.False(model.Take("motor", """{"limit":7,"rpm":3}"""));
        Assert.False(model.Take("motor", "7"));
        Assert.Equal(5, model.Json(ReportScope.Whole)["motor"]!["limit"]!.GetValue<double>());
        Assert.True(model.Take("motor", """{"limit":7.123456}"""));
        Assert.True(model.Take("spare", """{"a":[1,null]}"""));
        model.Advance(Models.Start + Second);
        Assert.Equal(
            """{"mode":"manual","label":"ü\"","motor":{"limit":7.123456,"rpm":1},"spare":{"a":[1,null]}}""",
            model.Json(ReportScope.Whole).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.True(model.Take("spare", "null"));
        Assert.False(model.Json(ReportScope.Whole).ContainsKey("spare"));
    }

    [Fact]
    public void Only_what_moved_beyond_its_dead_band_has_moved()
    {
        var model = Models.Of("""
            slow: {counter: 60, deadBand: 5}
            fast: {counter: 600, deadBand: 5}
            on: =hour >= 1
            p: {track: {route: [[51, 5], [52, 5]], speed: 60}, deadBand: 4900}
            hidden: {uniform: [0, 1], hidden: true}
            at/rest: {constant: 4}
            """);
        Assert.True(model.HasMoved);
        model.Text(ReportScope.Whole);
        Assert.False(model.HasMoved);
        model.Advance(Models.Start + Minute);
        Assert.Equal("""{"fast":10}""", model.Text(ReportScope.Moved));
        Assert.False(model.HasMoved);
        model.Advance(Models.Start + Minute * 5);
        Assert.Equal("slow fast p", string.Join(' ', model.Json(ReportScope.Moved).Select(static member => member.Key)));
        model.Advance(Models.Start + Hour);
        Assert.Equal("slow fast on p", string.Join(' ', model.Json(ReportScope.Moved).Select(static member => member.Key)));
    }

    [Fact]
    public void A_sensor_sticks_and_drifts_while_the_world_goes_on()
    {
        var model = Models.Of("a: {counter: 60}\nb: =a * 2\nm/x: {counter: 60}\nm/y: {counter: 60}");
        model.Advance(Models.Start + Minute);
        model.Stick("a", true);
        model.Stick("m", true);
        model.Drift("b", 30);
        model.Stick("nothing/of/that", true);
        model.Advance(Models.Start + Minute * 3);
        Assert.Equal("""{"a":1,"b":7,"m":{"x":1,"y":1}}""", model.Text());
        model.Stick("a", false);
        model.Stick("m/x", false);
        model.Drift("b", 0);
        Assert.Equal("""{"a":3,"b":6,"m":{"x":3,"y":1}}""", model.Text());
    }

    private static List<double> Of(List<JsonObject> values, string name) => [.. values.Select(value => value[name]!.GetValue<double>())];

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
