using System.Text;
using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class FilterMatcherTests
{
    [Fact]
    public void Says_what_the_naive_evaluator_says() =>
        Gen.Select(Questions.Filters.Array[1, 8], Fleets.Twins.Array[1, 4]).Sample(
            (texts, twins) =>
            {
                var filters = texts.Select(Parse).ToArray();
                var matcher = new FilterMatcher();
                var matched = Array.ConvertAll(filters, matcher.Add);
                foreach (var twin in twins)
                {
                    matcher.Read(twin.Document(), Fleets.Now);
                    for (var i = 0; i < filters.Length; i++)
                    {
                        var expected = NaiveFilter.Holds(filters[i], twin.ToString(), Fleets.Now);
                        Assert.True(matcher.Matches(matched[i]) == expected, $"{texts[i]} should be {expected}");
                    }
                }
            },
            iter: 2000);

    [Fact]
    public void Filters_come_and_go_and_the_others_stay_right() =>
        Gen.Select(Gen.Select(Questions.Filters, Gen.Bool).Array[1, 12], Fleets.Twins.Array[2]).Sample(
            (steps, twins) =>
            {
                var matcher = new FilterMatcher();
                var live = new List<(Filter Filter, MatchedFilter Matched)>();
                foreach (var (text, removesFirst) in steps)
                {
                    if (removesFirst && live.Count > 0)
                    {
                        matcher.Remove(live[0].Matched);
                        live.RemoveAt(0);
                    }

                    var filter = Parse(text);
                    live.Add((filter, matcher.Add(filter)));
                    foreach (var twin in twins)
                    {
                        matcher.Read(twin.Document(), Fleets.Now);
                        Assert.All(live, known => Assert.Equal(NaiveFilter.Holds(known.Filter, twin.ToString(), Fleets.Now), matcher.Matches(known.Matched)));
                    }
                }
            },
            iter: 200);

    [Theory]
    [InlineData("eq(reported/temp,21)", true)]
    [InlineData("ne(reported/nothing,21)", true)]
    [InlineData("eq(reported/list,\"b\")", true)]
    [InlineData("eq(reported/pumps/rpm,1450)", true)]
    [InlineData("and(gt(reported/pumps/rpm,1400),lt(reported/pumps/rpm,100))", true)]
    [InlineData("eq(reported/pumps,1450)", false)]
    [InlineData("exists(reported/pumps/rpm)", true)]
    [InlineData("empty(reported/pumps/name)", false)]
    [InlineData("empty(reported/pumps/note)", true)]
    [InlineData("empty(reported/log/first)", false)]
    [InlineData("empty(reported/log/last)", false)]
    [InlineData("empty(reported/log/none)", true)]
    [InlineData("empty(reported/log)", false)]
    [InlineData("eq(reported/\"a\\\"b\",true)", true)]
    [InlineData("eq(reported/temp,\"21\")", false)]
    [InlineData("exists(model)", false)]
    [InlineData("eq(delta/setpoint,40)", true)]
    [InlineData("exists(delta/temp)", false)]
    [InlineData("gt(connection/since,time:now-1h)", true)]
    [InlineData("eq(reported/when,time:2026-01-02T03:04:05Z)", true)]
    [InlineData("eq(reported/when,\"2026-01-02T03:04:05Z\")", false)]
    [InlineData("stale(reported/temp,\"10m\")", true)]
    [InlineData("stale(reported/list,\"10m\")", false)]
    [InlineData("stale(reported,\"10m\")", false)]
    [InlineData("stale(reported,\"1m\")", true)]
    [InlineData("gt(metadata/reported/list/at,time:now-10m)", true)]
    public void Matches_this_document(string text, bool matches)
    {
        const string Document = """
            {"id":"acme:pump-1","revision":42,"model":null,"tags":{},"desired":{"setpoint":40,"temp":21.0},
            "reported":{"setpoint":35,"temp":21,"list":["a",["b"],null],"pumps":[{"rpm":1450,"note":""},{"rpm":0,"name":"x"}],"a\"b":true,"log":[{"first":"x","last":[],"none":{}},{"first":"","last":["x"],"none":""}],"when":"2026-01-02T04:04:05+01:00"},
            "connection":{"status":"online","since":"2026-01-02T03:30:00.000Z","lastSeen":null,"link":null,"dialect":null},
            "metadata":{"reported":{"temp":{"at":"2026-01-02T03:50:00.499Z"},"list":{"at":"2026-01-02T03:55:00.000Z"}},"desired":{}},
            "createdAt":"2026-01-01T00:00:00.000Z","modifiedAt":"2026-01-01T00:00:00.000Z"}
            """;
        var matcher = new FilterMatcher();
        var filter = matcher.Add(Parse(text));
        matcher.Read(Encoding.UTF8.GetBytes(Document), Fleets.Now);
        Assert.Equal(matches, matcher.Matches(filter));
        Assert.Equal(matches, NaiveFilter.Holds(Parse(text), Document, Fleets.Now));
    }

    [Fact]
    public void Finds_each_of_many_names()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(number => $"name{number}"), new string('"', 100), "ü\n"];
        var document = new FleetTwin("a", 1, null)
        {
            Tags = Encoding.UTF8.GetBytes($"{{{string.Join(',', names.Select((name, place) => $"{Fleets.Json(name)}:{place}"))}}}"),
        }.Document();
        var matcher = new FilterMatcher();
        var filters = names.Select((name, place) => matcher.Add(Parse($"eq(tags/{Fleets.Json(name)},{place})"))).ToArray();
        matcher.Read(document, Fleets.Now);
        Assert.All(filters, filter => Assert.True(matcher.Matches(filter)));

        // With fewer names they are found in another way.
        foreach (var filter in filters[3..^1])
        {
            matcher.Remove(filter);
        }

        matcher.Read(document, Fleets.Now);
        Assert.All(filters[..3], filter => Assert.True(matcher.Matches(filter)));
        Assert.True(matcher.Matches(filters[^1]));
    }

    [Fact]
    public void Time_alone_changes_what_holds()
    {
        var document = new FleetTwin("a", 1, null) { LastSeen = Fleets.Now }.Document();
        var matcher = new FilterMatcher();
        var filter = matcher.Add(Parse("lt(connection/lastSeen,time:now-15m)"));
        matcher.Read(document, Fleets.Now.AddMinutes(15));
        Assert.False(matcher.Matches(filter));
        matcher.Read(document, Fleets.Now.AddMinutes(15).AddMilliseconds(1));
        Assert.True(matcher.Matches(filter));
    }

    [Fact]
    public void Knows_only_what_was_added_before_the_document_was_read()
    {
        var matcher = new FilterMatcher();
        var filter = matcher.Add(Parse("exists(id)"));
        Assert.Throws<InvalidOperationException>(() => matcher.Matches(filter));
        matcher.Read(new FleetTwin("a", 1, null).Document(), Fleets.Now);
        Assert.True(matcher.Matches(filter));
        Assert.Throws<InvalidOperationException>(() => matcher.Matches(matcher.Add(Parse("exists(id)"))));
        matcher.Remove(filter);
        Assert.Throws<ArgumentException>(() => matcher.Matches(filter));
        Assert.Throws<ArgumentException>(() => matcher.Remove(filter));
        Assert.Throws<ArgumentException>(() => new FilterMatcher().Remove(matcher.Add(Parse("exists(id)"))));
    }

    [Fact]
    public void Allocates_nothing_once_it_has_seen_such_documents()
    {
        var matcher = new FilterMatcher();
        var filters = Array.ConvertAll(
            ["and(eq(tags/site,\"rotterdam\"),gt(reported/motor/rpm,80))", "ilike(tags/site,\"ROT*\")", "exists(delta/setpoint)", "stale(reported/motor,\"1m\")", "gt(modifiedAt,time:now-1m)"],
            text => matcher.Add(Parse(text)));
        var document = new FleetTwin("a", 1, null)
        {
            Tags = "{\"site\":\"rotterdam\"}"u8.ToArray(),
            Desired = "{\"setpoint\":40}"u8.ToArray(),
            Reported = "{\"motor\":{\"rpm\":1450}}"u8.ToArray(),
        }.Document();
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                matcher.Read(document, Fleets.Now);
                foreach (var filter in filters)
                {
                    matcher.Matches(filter);
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();
        Assert.Equal(0, Allocated());
    }

    private static Filter Parse(string text)
    {
        Assert.True(Rql.TryParseFilter(text, out var filter, out var problem), problem?.Detail);
        return filter;
    }
}
