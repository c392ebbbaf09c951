using System.Diagnostics;
using CsCheck;
using Twins.Simulators.Plans;
using Twins.Simulators.Tests.Behaviours;
using Xunit;

namespace Twins.Simulators.Tests.Plans;

public sealed class FleetFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("kindz:\n  pump:\n", "line 1: \"kindz\" is no key of a fleet; did you mean \"kinds\"?", "line 1: the fleet has no kinds of devices; write kinds: and below it for example pump: {extends: pump, count: 10}")]
    [InlineData("kinds:\n  pump:\n    cuont: 3\n    extends: pump\n", "line 3: \"cuont\" is no key of a kind; did you mean \"count\"?")]
    [InlineData("kinds:\n  pump:\n    extends: pmp\n", "line 3: there is no kind \"pmp\" to extend; did you mean \"pump\"?")]
    [InlineData("kinds:\n  a:\n    extends: b\n  b:\n    extends: a\n", "line 5: kinds extend each other in a circle, \"a\" extends \"b\" extends \"a\"; let one of them stand alone", "line 3: kinds extend each other in a circle, \"b\" extends \"a\" extends \"b\"; let one of them stand alone")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    count: 0\n", "line 4: count is \"0\"; write a whole number from 1 to 1000000")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    report: 5\n", "line 4: report is \"5\"; write a span of time with its unit: 500ms, 60s, 5min or 1h")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    report: {every: 5 hours}\n", "line 4: every is \"5 hours\"; write a span of time with its unit: 500ms, 60s, 5min or 1h")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    report:\n      jitter: 120%\n", "line 5: jitter is \"120%\"; write a share from 0% to 100%, such as 5% or 0.05")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    report: {every: 10s, atLeastEvery: 5s, onChange: true}\n", "line 4: atLeastEvery is shorter than every, which is 10s; make it longer")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    count: 2\n    count: 3\n", "line 5: key \"count\" stands there twice, first in line 4; take one away")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    sequence: yes\n", "line 4: sequence is \"yes\"; write true or false")]
    [InlineData("kinds:\n  pump: 5\n", "line 2: kind \"pump\" is \"5\"; write keys below it, such as count: and properties:")]
    [InlineData("kinds:\n  \"a b\": {extends: pump}\n", "line 2: kind \"a b\" can not stand in a twin id; use letters, digits, \".\", \"_\" and \"-\"")]
    [InlineData("kinds:\n  boiler: {count: 2}\n", "line 2: kind \"boiler\" has no properties; write some below properties:, or take those of another kind: extends: pump")]
    [InlineData("kinds:\n  trucks: {count: 2}\n", "line 2: kind \"trucks\" has no properties; write some below properties:, or take those of another kind: extends: truck")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    count: 3\n    id: p\n", "line 5: id \"p\" is the same for all 3 devices of \"pump\"; put {n} in it")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    id: \"{kind}/{n}\"\n", "line 4: twin id \"sim:pump/1\" contains \"/\"; ids use letters, digits, \".\", \"_\", \"-\" and \":\"")]
    [InlineData("kinds:\n  pump:\n    extends: pump\n    id: \"{k}-{n}\"\n", "line 4: id is \"{k}-{n}\"; \"{k}\" stands for nothing; there are {kind}, {n} and {n:000}")]
    [InlineData("kinds:\n  pump: {extends: pump, id: \"x-{n}\"}\n  truck:\n    extends: truck\n    id: x-1\n", "line 5: twin id \"sim:x-1\" is one of \"pump\" and of \"truck\"; put {kind} in the id of one of them")]
    [InlineData("seed: x\nspeed: -1\nstart: noon\nduration: 1\nnamespace: a/b\nkinds: {pump: }\n",
        "line 5: namespace \"a/b\" can not begin a twin id; use letters, digits, \".\", \"_\" and \"-\"",
        "line 1: seed is \"x\"; write a whole number from -2147483648 to 2147483647",
        "line 3: start is \"noon\"; write now, or a time from 1970 to 2199 such as 2026-01-31T09:00:00Z",
        "line 2: speed is \"-1\"; write how many seconds of the fleet's clock pass in one, more than 0 and at most 1000000: 60",
        "line 4: duration is \"1\"; write a span of time with its unit: 500ms, 60s, 5min or 1h")]
    [InlineData("kinds: {pump: }\nfaults:\n  - disconect: {at: 1s}\n", "line 3: \"disconect\" is no fault; did you mean \"disconnect\"?")]
    [InlineData("kinds: {pump: }\nfaults:\n  - disconnect: {share: 10%}\n", "line 3: disconnect does not say when; add at, every, or a probability in a minute")]
    [InlineData("kinds: {pump: }\nfaults:\n  - duplicate: {share: 10%}\n", "line 3: duplicate has no probability; say how likely each message is struck: probability: 1%")]
    [InlineData("kinds: {pump: }\nfaults:\n  - reorder: {probability: 1%}\n", "line 3: reorder strikes \"pump\", whose messages do not say their order; give that kind sequence: true or timestamps: true, or name other kinds")]
    [InlineData("kinds: {pump: }\nfaults:\n  - stuck: {property: presure}\n", "line 3: no kind that stuck strikes measures a property \"presure\"; did you mean \"pressure\"?")]
    [InlineData("kinds: {pump: }\nfaults:\n  - slow: {delay: 1s, kinds: [pumps]}\n", "line 3: \"pumps\" is no kind of this fleet; did you mean \"pump\"?")]
    [InlineData("kinds: {pump: }\nfaults:\n  - flap: {up: 1s, down: 1s, every: 1min, for: 2min}\n", "line 3: flap lasts 2min and comes again each 1min; let it end before it begins again")]
    [InlineData("kinds: {pump: }\nfaults: {malformed: 1%}\n", "line 2: faults is a map of keys; write a list: - disconnect: {at: 1min, share: 10%}")]
    public void A_mistake_is_one_sentence_with_its_line(string text, params string[] expected) => Assert.Equal(expected.Select(static sentence => $"fleet.yaml, {sentence}"), Mistakes(text));

    [Theory]
    [InlineData("flow: =0.6 * flwo", "line 4, column 20: there is no property \"flwo\"; did you mean \"flow\"?")]
    [InlineData("flow: =0.6 *", "line 4, column 19: the formula ends where a number, a property or \"(\" is missing; add it")]
    [InlineData("flow: \"=2 * nois(1)\"", "line 4, column 19: there is no function \"nois\"; did you mean \"noise\"?")]
    [InlineData("flow: =noise(1, 2)", "line 4, column 14: \"noise\" has 2 arguments; write noise(deviation)")]
    [InlineData("flow: =1 + true", "line 4, column 18: here stands true or false where a number belongs; write for example if(…, 1, 0)")]
    [InlineData("flow: =if(1, 2, 3)", "line 4, column 17: here stands a number where true or false belongs; compare it, for example with > 0")]
    [InlineData("flow: =flow + 1", "line 4: property \"flow\" needs itself; take last(flow) for its value of the moment before")]
    [InlineData("a: =b\n      b: =c\n      c: =a", "line 4: properties need each other in a circle, \"a\" needs \"b\" needs \"c\" needs \"a\"; take last(…) of one, which is its value of the moment before")]
    [InlineData("flow: {wlak: {spread: 1}}", "line 4: \"wlak\" is no key of a property; did you mean \"walk\"?", "line 4: nothing says how the value of \"flow\" comes about; add one of constant, formula, uniform, normal, walk, sine, daily, markov, counter, track, approach, setting, recorded")]
    [InlineData("flow: {uniform: [2, 1]}", "line 4: uniform goes from 2 to 1; write the smaller number first")]
    [InlineData("flow: {uniform: [1, 2], constant: 4}", "line 4: property \"flow\" has constant and uniform; take one away")]
    [InlineData("flow: {walk: {spread: fast}}", "line 4: spread is \"fast\"; write a number, at least 0")]
    [InlineData("flow: {sine: {amplitude: 1, period: 5}}", "line 4: period is \"5\"; write a span of time with its unit: 500ms, 60s, 5min or 1h")]
    [InlineData("flow: {daily: {points: {25:00: 1}}}", "line 4: a time of points is \"25:00\"; write one from 00:00 to 23:59")]
    [InlineData("flow: {markov: {states: {a: {stay: 1s, next: c}, b: {stay: 1s}}}}", "line 4: next is \"c\"; write a or b")]
    [InlineData("flow: {track: {route: [[51, 5], [95, 5]], speed: 5}}", "line 4: a point of route is a list; write latitude (-90 to 90) and longitude (-180 to 180): [51.92, 4.48]", "line 4: route has no length; write 2 to 10000 different points: [[51.92, 4.48], [52.37, 4.90]]")]
    [InlineData("flow: {approach: {target: 5}}", "line 4: approach has no within; say after how long 95 % of the way are done: within: 2min")]
    [InlineData("flow: {setting: 40, min: 50, max: 60}", "line 4: setting \"flow\" begins with 40, outside its own range; choose a default from 50 to 60")]
    [InlineData("flow: {setting: {default: c, options: [a, b]}}", "line 4: default is \"c\"; write one of the options a, b")]
    [InlineData("flow: {constant: text, deadBand: 1}", "line 4: property \"flow\" has a deadBand and is no number; take it away")]
    [InlineData("flow: {constant: 1, decimals: 11}", "line 4: decimals is \"11\"; write a whole number from 0 to 10")]
    [InlineData("serial: 5", "line 4: property \"serial\" is one that every device reports of itself; rename it")]
    [InlineData("$x: 5", "line 4: property \"$x\" starts with \"$\", which is the platform's; rename it")]
    [InlineData("a/b: 5\n      a: 6", "line 4: property \"a/b\" lies within \"a\", which is a value of its own; rename one")]
    [InlineData("a//b: 5", "line 4: property \"a//b\" has a level without a name; write names with single slashes between them, such as motor/rpm")]
    [InlineData("a: 5\n    desired: {properties: {a: reject}}", "line 5: there is no setting \"a\" that could be desired; there is interval")]
    [InlineData("a: 5\n    desired: refuse", "line 5: desired is \"refuse\"; write accept, reject or ignore")]
    [InlineData("a: 5\n    commands: {x: 99}", "line 5: command x (a status, silence, or keys below it) is \"99\"; write a whole number from 100 to 599")]
    [InlineData("a: {recorded: {file: none.csv, column: t}}", "line 4: there is no file \"none.csv\"; its name begins at the folder of the fleet file")]
    public void A_mistake_in_a_property_is_one_sentence_with_its_line(string property, params string[] expected) => Assert.Equal(
        expected.Select(static sentence => $"fleet.yaml, {sentence}"),
        Mistakes($"kinds:\n  thing:\n    properties:\n      {property}\n"));

    [Theory]
    [InlineData("", "rows.csv, line 1: the file is empty; the first line names the columns: time,device,t")]
    [InlineData("time,device,temp\n1,a,2\n", "fleet.yaml, line 4: rows.csv has no column \"t\"; there are time, device, temp")]
    [InlineData("when,t\n1,2\n", "rows.csv, line 1: there is no column \"time\" or \"timestamp\"; add one with RFC 3339 times or Unix seconds")]
    [InlineData("time,t\n1,2\n2,abc\n", "rows.csv, line 3: \"abc\" in column \"t\" is not a number; correct the row or leave the cell empty")]
    [InlineData("time,t\n1,2\n2\n", "rows.csv, line 3: 1 cell where the header has 2; give every row a cell per column")]
    [InlineData("time,t\n2,2\n1,2\n", "rows.csv, line 3: the time 1 is not after the one before it; sort the file by time and take doubles away")]
    [InlineData("time,t\n1,\n", "rows.csv, line 1: column \"t\" has no values; add rows, or name another column")]
    [InlineData("time,t\n1,\"2\"x\n", "rows.csv, line 2: a quote stands where none may; put cells with quotes in quotes and double those inside")]
    public void A_mistake_in_recorded_values_is_told_with_the_line_of_its_file(string rows, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "rows.csv"), rows);
        Assert.Equal([expected], Mistakes("kinds:\n  thing:\n    properties:\n      a: {recorded: {file: rows.csv, column: t}}\n"));
    }

    [Fact]
    public void Name_of_a_library_kind_extends_it()
    {
        var named = Assert.Single(FleetFile.Parse("fleet.yaml", "kinds:\n  pump: {count: 2}\n").Kinds);
        var extended = Assert.Single(FleetFile.Parse("fleet.yaml", "kinds:\n  pump: {extends: pump, count: 2}\n").Kinds);
        Assert.Equal(2, named.Count);
        Assert.Equal(extended.Properties.Select(static property => property.Path), named.Properties.Select(static property => property.Path));

        var own = Assert.Single(FleetFile.Parse("fleet.yaml", "kinds:\n  pump: {properties: {flow: 1}}\n").Kinds);
        Assert.Equal(["flow"], own.Properties.Select(static property => property.Path));
    }

    [Fact]
    public void A_bad_number_far_down_is_found()
    {
        var rows = Enumerable.Range(2, 8000).Select(static line => $"{line},{(line == 7312 ? "1,5" : "1.5")}");
        File.WriteAllText(Path.Combine(_folder, "rows.csv"), "time,t\n" + string.Join('\n', rows.Select(static row => row.Replace("1,5", "\"1,5\"", StringComparison.Ordinal))) + "\n");
        Assert.Equal(
            ["rows.csv, line 7312: \"1,5\" in column \"t\" is not a number; correct the row or leave the cell empty"],
            Mistakes("kinds:\n  thing:\n    properties:\n      a: {recorded: {file: rows.csv, column: t}}\n"));
    }

    [Theory]
    [InlineData("", "fleet.yaml, line 1: the file is empty; write at least kinds: with one kind below it")]
    [InlineData("# nothing\n", "fleet.yaml, line 1: the file is empty; write at least kinds: with one kind below it")]
    [InlineData("- a\n", "fleet.yaml, line 1: the file is a list; a fleet file has keys such as kinds: at its left margin")]
    [InlineData("kinds:\n\tpump:\n", "fleet.yaml, line 2: a tab indents the line; YAML wants spaces")]
    [InlineData("a: 1\0", "fleet.yaml, line 1: there is a zero byte, as in no text; give a YAML file")]
    [InlineData("a: 1\n---\nb: 2\n", "fleet.yaml, line 2: a second document begins; a fleet file has one, so take the --- away")]
    [InlineData("a: *b\n", "fleet.yaml, line 1: *b stands for nothing that is complete before it; name a piece with &b first")]
    [InlineData("a: &b [*b]\n", "fleet.yaml, line 1: *b stands for nothing that is complete before it; name a piece with &b first")]
    [InlineData("? [a]\n: 1\n", "fleet.yaml, line 1: a key is a list; keys are single words")]
    public void What_is_no_fleet_file_is_one_sentence(string text, string expected) => Assert.Equal([expected], Mistakes(text));

    [Fact]
    public void Files_made_to_hurt_are_refused_at_once()
    {
        var since = Stopwatch.GetTimestamp();
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 12).Select(static level => $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n"));
        Assert.Contains("more than 100000 values", Mistakes(bomb)[0], StringComparison.Ordinal);
        Assert.Contains("nest deeper than 24 levels", Mistakes("a: " + new string('[', 400_000))[0], StringComparison.Ordinal);
        Assert.Contains("nest deeper than 24 levels", Mistakes(string.Concat(Enumerable.Range(0, 500).Select(static level => new string(' ', level) + "a:\n")))[0], StringComparison.Ordinal);
        Assert.InRange(Mistakes("kinds:\n" + string.Concat(Enumerable.Range(0, 20_000).Select(static n => $"  k{n}: 5\n"))).Count, 1, 100);
        string Chain(int length) => "kinds:\n  k:\n    properties:\n      p0: =1\n" + string.Concat(Enumerable.Range(1, length - 1).Reverse().Select(static n => $"      p{n}: =p{n - 1}\n"));
        Assert.Contains("a kind has 20000 properties", Mistakes(Chain(20_000))[0], StringComparison.Ordinal);
        Assert.Equal(500, FleetFile.Parse("fleet.yaml", Chain(500)).Kinds[0].Properties.Count);
        var sum = "kinds:\n  k:\n    properties:\n      p: =" + string.Join('+', Enumerable.Repeat("1", 990)) + "\n";
        Assert.Equal(990, Models.Make(FleetFile.Parse("fleet.yaml", sum).Kinds[0]).Number("p"));
        File.WriteAllText(Path.Combine(_folder, "big.yaml"), new string('#', 10_000_000));
        File.WriteAllBytes(Path.Combine(_folder, "binary.yaml"), [0xC3, 0x28, 0xFF, 0xFE]);
        Assert.Contains("a fleet file has at most 1024", Assert.Throws<FleetFileException>(() => FleetFile.Load(Path.Combine(_folder, "big.yaml"))).Message, StringComparison.Ordinal);
        Assert.Contains("is not text in UTF-8", Assert.Throws<FleetFileException>(() => FleetFile.Load(Path.Combine(_folder, "binary.yaml"))).Message, StringComparison.Ordinal);
        Assert.StartsWith("there is no file", Assert.Throws<FleetFileException>(() => FleetFile.Load(Path.Combine(_folder, "none.yaml"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<FleetFileException>(() => FleetFile.Load(_folder)).Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 20);
    }

    [Fact]
    public void Any_text_is_a_fleet_or_is_told_why_not()
    {
        string[] all =
        [
            "kinds:\n", "  pump:\n", "    extends: pump\n", "    properties:\n", "      flow: =1\n", "      flow: {walk: {spread: 1}}\n", "faults:\n", "  - stuck: {property: flow}\n",
            "  - malformed:\n", "    report: [1]\n", "    tags: {a: [b]}\n", "    commands: {a: {body: {x: ~}}}\n", "    desired: {properties: }\n", "      m: {markov: {states: {a: , b: {}}}}\n",
            "      t: {track: {route: 5}}\n", "      d: {daily: {points: []}}\n", "      c: {counter: {wrap: []}}\n", "&a ", "*a", "{", "}", "[", "]", ": ", "- ", "\t", "'", "\"", "|\n", ">\n", "!!int ", "%", "@", "# \n", "? ", "~", "  ", "\n", "=", "1", "\uFEFF", "é",
        ];
        var pieces = Gen.Int[0, all.Length - 1].Select(index => all[index]);
        Gen.OneOf(Gen.String, pieces.Array[0, 25].Select(string.Concat)).Sample(text =>
        {
            try
            {
                FleetFile.Parse("fleet.yaml", text, _folder);
            }
            catch (FleetFileException exception)
            {
                Assert.NotEmpty(exception.Mistakes);
            }
        }, iter: 5000);
    }

    private IReadOnlyList<string> Mistakes(string text) =>
        Assert.Throws<FleetFileException>(() => FleetFile.Parse("fleet.yaml", text, _folder)).Mistakes;
}
