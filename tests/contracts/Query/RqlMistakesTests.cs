using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

public sealed class RqlMistakesTests
{
    [Theory]
    // Operators.
    [InlineData("", "character 1", "a condition is missing here; write one such as eq(tags/site,\"rotterdam\")")]
    [InlineData("  ", "character 3, its end", "a condition is missing here")]
    [InlineData("gtt(reported/temp,1)", "character 1, near \"gtt(reported/temp,1)\"", "\"gtt\" is no operator (did you mean gt?); use and, or, not, eq, ne,")]
    [InlineData("not(EQ(id,\"a\"))", "character 5, near \"EQ(id,\"a\"))\"", "\"EQ\" is no operator (did you mean eq?)")]
    [InlineData("zzz(id)", "character 1, near \"zzz(id)\"", "\"zzz\" is no operator; use and,")]
    [InlineData("eq", "character 3, its end", "\"(\" must follow eq; for example eq(tags/site,\"rotterdam\")")]
    [InlineData("eq tags/site", "character 4, near \"tags/site\"", "\"(\" must follow eq")]
    [InlineData("(eq(id,\"a\"))", "character 1, near \"(eq(id,\"a\"))\"", "a condition is missing here")]
    [InlineData("eq(id,\"a\"))", "character 11, near \")\"", "this parenthesis closes nothing; leave it out")]
    [InlineData("eq(id,\"a\") and eq(id,\"b\")", "character 12, near \"and eq(id,\"b\")\"", "put several conditions into and(…,…) or or(…,…)")]
    // How many arguments.
    [InlineData("eq()", "character 4, near \")\"", "eq takes a path and a value, and here it ends with nothing; for example eq(tags/site,\"rotterdam\")")]
    [InlineData("eq(tags/site)", "character 13, near \")\"", "eq takes a path and a value, and here it ends with only 1 argument")]
    [InlineData("eq(tags/site,)", "character 14, near \")\"", "and here it ends with only 1 argument")]
    [InlineData("eq(tags/site,1,2)", "character 15, near \",2)\"", "and here comes a third argument")]
    [InlineData("eq(tags/site,1", "character 15, its end", "\")\" is missing behind eq(…")]
    [InlineData("eq(tags/site \"a\")", "character 14, near \"\"a\")\"", "a comma must follow the path here")]
    [InlineData("eq(tags/site 1)", "character 14, near \"1)\"", "a comma must follow the path here; for example eq(tags/site,\"rotterdam\"); a name that has a space in it")]
    [InlineData("in(tags/site)", "character 13, near \")\"", "in takes a path and one value or more, and here it ends with only 1 argument")]
    [InlineData("in(tags/site,1,)", "character 16, near \")\"", "nothing stands behind the comma before this")]
    [InlineData("not()", "character 5, near \")\"", "not takes one condition, and here it ends with nothing")]
    [InlineData("not(exists(id),exists(id))", "character 16, near \"exists(id))\"", "not takes one condition, and here comes a second argument")]
    [InlineData("and()", "character 5, near \")\"", "and takes one condition or more")]
    [InlineData("and(exists(id),)", "character 16, near \")\"", "nothing stands behind the comma before this")]
    [InlineData("and(exists(id) exists(id))", "character 16, near \"exists(id))\"", "a comma or \")\" must stand here")]
    [InlineData("or(exists(id)", "character 14, its end", "\")\" is missing behind or(…")]
    [InlineData("exists()", "character 8, near \")\"", "exists takes a path, and here it ends with nothing")]
    [InlineData("exists(id,1)", "character 10, near \",1)\"", "exists takes a path, and here comes a second argument")]
    [InlineData("exists(tags/motor temp)", "character 19, near \"temp)\"", "a name that has a space in it stands in double quotes, such as reported/\"motor temp\"")]
    [InlineData("like(tags/site)", "character 15, near \")\"", "like takes a path and a pattern, and here it ends with only 1 argument")]
    // Paths.
    [InlineData("eq(report/x,1)", "character 4, near \"report/x,1)\"", "\"report\" is not known here (did you mean reported?); a path starts with one of id, revision, model, tags, desired, reported, delta, connection, metadata, createdAt, modifiedAt")]
    [InlineData("exists(createdat)", "character 8, near \"createdat)\"", "(did you mean createdAt?)")]
    [InlineData("eq(5,tags/x)", "character 4, near \"5,tags/x)\"", "\"5\" is not known here; a path starts with one of")]
    [InlineData("eq(tags.site,1)", "character 4, near \"tags.site,1)\"", "put / between the names of a path, such as tags/site")]
    [InlineData("eq(/tags/site,1)", "character 4, near \"/tags/site,1)\"", "a path does not start with a slash; write tags/site")]
    [InlineData("eq(,1)", "character 4, near \",1)\"", "a path is missing here")]
    [InlineData("eq(tags/,1)", "character 9, near \",1)\"", "a name is missing behind the slash")]
    [InlineData("eq(tags//x,1)", "character 9, near \"/x,1)\"", "a name is missing behind the slash")]
    [InlineData("eq('tags'/site,1)", "character 4, near \"'tags'/site,1)\"", "texts stand in double quotes, not in single ones")]
    [InlineData("eq(connection/lastseen,\"a\")", "character 4, near \"connection/lastseen,…\"", "\"lastseen\" is not known here (did you mean lastSeen?); behind connection/ comes one of status, since, lastSeen, link, dialect")]
    [InlineData("eq(connection/status/x,\"a\")", "character 4, near \"connection/status/x,…\"", "connection/status is a single value and has no names in it; write connection/status alone")]
    [InlineData("exists(id/x)", "character 8, near \"id/x)\"", "id is a single value and has no names in it; write id alone")]
    [InlineData("exists(metadata)", "character 8, near \"metadata)\"", "name one, such as metadata/reported/temp/at")]
    [InlineData("exists(metadata/tags/x/at)", "character 8, near \"metadata/tags/x/at)\"", "behind metadata/ comes one of reported, desired")]
    [InlineData("exists(metadata/reported/temp)", "character 8, near \"metadata/reported/te…\"", "write /at behind the property, such as metadata/reported/temp/at")]
    [InlineData("exists(metadata/reported/at)", "character 8, near \"metadata/reported/at…\"", "write /at behind the property")]
    // Texts.
    [InlineData("eq(tags/site,rotterdam)", "character 14, near \"rotterdam)\"", "rotterdam is a bare word; put texts in double quotes: \"rotterdam\"")]
    [InlineData("eq(tags/a,tags/b)", "character 11, near \"tags/b)\"", "tags/b is a bare word")]
    [InlineData("eq(tags/\"😀é😀\",rotterdam)", "character 15, near \"rotterdam)\"", "rotterdam is a bare word")]
    [InlineData("eq(tags/site,'rotterdam')", "character 14, near \"'rotterdam')\"", "texts stand in double quotes, not in single ones")]
    [InlineData("eq(tags/site,\"rotterdam)", "character 14, near \"\"rotterdam)\"", "the text that starts here has no end")]
    [InlineData("eq(tags/site,\"a\\", "character 16, near \"\\\"", "this is no escape of JSON")]
    [InlineData("eq(tags/site,\"a\\x\")", "character 16, near \"\\x\")\"", "this is no escape of JSON")]
    [InlineData("eq(tags/site,\"\\u12g4\")", "character 15, near \"\\u12g4\")\"", "this is no escape of JSON")]
    [InlineData("eq(tags/site,\"\\ud800\")", "character 14, near \"\"\\ud800\")\"", "has half of a surrogate pair in it")]
    [InlineData("eq(tags/site,\"a\u0001\")", "character 16, near \" \")\"", "a control character in a text is written as an escape")]
    // Numbers and the like.
    [InlineData("eq(tags/site,01)", "character 14, near \"01)\"", "\"01\" is no number as JSON writes them")]
    [InlineData("eq(tags/site,+5)", "character 14, near \"+5)\"", "\"+5\" is no number")]
    [InlineData("eq(tags/site,1.)", "character 14, near \"1.)\"", "\"1.\" is no number")]
    [InlineData("eq(tags/site,.5)", "character 14, near \".5)\"", "\".5\" is no number")]
    [InlineData("eq(tags/site,-)", "character 14, near \"-)\"", "\"-\" is no number")]
    [InlineData("eq(tags/site,1e)", "character 14, near \"1e)\"", "\"1e\" is no number")]
    [InlineData("eq(tags/site,1e999)", "character 14, near \"1e999)\"", "beyond 64-bit floating point")]
    [InlineData("eq(tags/site,True)", "character 14, near \"True)\"", "true, false and null are written in small letters")]
    [InlineData("gt(tags/site,true)", "character 14, near \"true)\"", "true and false are not greater or less than anything; use eq or ne")]
    [InlineData("le(tags/site,null)", "character 14, near \"null)\"", "write exists(…) or empty(…)")]
    [InlineData("in(tags/site,1,null)", "character 16, near \"null)\"", "null is no value of in")]
    [InlineData("eq(tags/x,{\"a\":1})", "character 11, near \"{\"a\":1})\"", "objects and arrays are not compared")]
    [InlineData("eq(tags/x,[1])", "character 11, near \"[1])\"", "objects and arrays are not compared")]
    [InlineData("eq(tags/x,,)", "character 11, near \",)\"", "a value is missing here")]
    // What can never hold.
    [InlineData("eq(revision,\"4\")", "character 13, near \"\"4\")\"", "this can never be the value: revision is a number")]
    [InlineData("eq(id,5)", "character 7, near \"5)\"", "this can never be the value: id is a text")]
    [InlineData("gt(model,time:now)", "character 10, near \"time:now)\"", "model is a text")]
    [InlineData("in(connection/status,\"online\",true)", "character 31, near \"true)\"", "connection/status is a text")]
    [InlineData("eq(createdAt,5)", "character 14, near \"5)\"", "createdAt is a time; compare it with one such as time:now-15m")]
    [InlineData("eq(metadata/reported/a/at,false)", "character 27, near \"false)\"", "metadata/reported/a/at is a time")]
    [InlineData("eq(tags,\"a\")", "character 9, near \"\"a\")\"", "tags is an object; name a property in it, such as tags/site")]
    [InlineData("eq(connection,\"a\")", "character 15, near \"\"a\")\"", "connection is an object; name a property in it, such as connection/status")]
    [InlineData("like(createdAt,\"2026*\")", "character 6, near \"createdAt,\"2026*\")\"", "like looks at texts, and createdAt is a time")]
    [InlineData("ilike(revision,\"4*\")", "character 7, near \"revision,\"4*\")\"", "ilike looks at texts, and revision is a number")]
    [InlineData("like(delta,\"a\")", "character 6, near \"delta,\"a\")\"", "delta is an object")]
    [InlineData("like(tags/site,1)", "character 16, near \"1)\"", "like takes a path and a pattern in double quotes")]
    // Times.
    [InlineData("gt(createdAt,\"yesterday\")", "character 14, near \"\"yesterday\")\"", "\"yesterday\" is no time; write an RFC 3339 time such as 2026-01-02T03:04:05Z")]
    [InlineData("gt(createdAt,\"time:now\")", "character 14, near \"\"time:now\")\"", "times that start with time: stand without quotes")]
    [InlineData("gt(reported/t,time:yesterday)", "character 15, near \"time:yesterday)\"", "\"yesterday\" is no time")]
    [InlineData("gt(reported/t,time:2026-01-02T03:04:05)", "character 15, near \"time:2026-01-02T03:0…\"", "is no time; write an RFC 3339 time")]
    [InlineData("gt(reported/t,time:now-15)", "character 15, near \"time:now-15)\"", "behind now and + or - write a number and one of ms, s, m, h, d")]
    [InlineData("gt(reported/t,time:now-15min)", "character 15, near \"time:now-15min)\"", "write a number and one of ms, s, m, h, d")]
    [InlineData("gt(reported/t,time:now-.5m)", "character 15, near \"time:now-.5m)\"", "write a number and one of ms, s, m, h, d")]
    [InlineData("gt(reported/t,time:now-1.2.3m)", "character 15, near \"time:now-1.2.3m)\"", "write a number and one of ms, s, m, h, d")]
    [InlineData("gt(reported/t,time:now-36501d)", "character 15, near \"time:now-36501d)\"", "of 36500d at most")]
    [InlineData("gt(reported/t,time:now 1h)", "character 15, near \"time:now 1h)\"", "write %2B for it there, as in time:now%2B1h")]
    [InlineData("gt(reported/t,time:2026-01-02T03:04:05 01:00)", "character 15, near \"time:2026-01-02T03:0…\"", "write %2B for it there")]
    [InlineData("stale(tags/a,\"10m\")", "character 7, near \"tags/a,\"10m\")\"", "only what is in reported and desired has a time of its own")]
    [InlineData("stale(reported/a,10m)", "character 18, near \"10m)\"", "stale takes a path and an age in double quotes")]
    [InlineData("stale(reported/a,\"0s\")", "character 18, near \"\"0s\")\"", "\"0s\" is no age; write a number and one of ms, s, m, h, d, such as 15m or 1.5h, of 36500d at most, and more than 0")]
    [InlineData("stale(reported/a,\"-1s\")", "character 18, near \"\"-1s\")\"", "\"-1s\" is no age")]
    [InlineData("stale(reported/a,\"99999999999999999999999999999999999d\")", "character 18, near \"\"9999999999999999999…\"", "is no age")]
    public void Says_where_and_what(string text, string where, string sentence)
    {
        Assert.False(Rql.TryParseFilter(text, out var filter, out var problem));
        Assert.Null(filter);
        Assert.Equal((400, "filter-invalid", null), (problem.Status, problem.Code, problem.Pointer));
        Assert.StartsWith($"filter is wrong at {where}: ", problem.Detail);
        Assert.Contains(sentence, problem.Detail);
    }

    [Fact]
    public void A_filter_beyond_a_limit_is_refused_where_it_passes_it()
    {
        AssertWrong(4097, "it has 40000 characters, and the limit is 4096", Repeated("not(", 10_000));
        AssertWrong(129, "more than 32 of and, or and not are within one another here", Repeated("not(", 1000));
        AssertWrong(97, "more than 32 of and, or and not", Repeated("or(", 1000) + "exists(id)" + new string(')', 1000));
        AssertWrong(2565, "this is one condition more than the limit of 256", $"and({string.Join(',', Enumerable.Repeat("empty(id)", 257))})");
        AssertWrong(523, "in has more than 256 values", $"in(tags/a,{string.Join(',', Enumerable.Repeat(1, 257))})");
        AssertWrong(13, "the pattern has 257 characters, and the limit is 256", $"like(tags/a,\"{new string('a', 257)}\")");
        AssertWrong(8, "the path has more than 40 names", $"exists(tags{Repeated("/a", 40)})");
        AssertWrong(11, "half of a surrogate pair is no character", "eq(tags/a,\ud800)");
    }

    [Fact]
    public void A_bomb_takes_no_longer_than_its_length()
    {
        var half = Rql.MaxCharacters / 2;
        string[] bombs =
        [
            Repeated("not(", 1_000_000), new string('(', Rql.MaxCharacters), $"eq({new string('/', half)}", $"exists(tags{Repeated("/a", half / 2)}",
            $"eq(tags/a,\"{Repeated("\\\\", half - 10)}", $"eq({new string('a', half)}", $"in(tags/a{Repeated(",1", half - 10)}", new string(' ', Rql.MaxCharacters),
            $"eq(tags/a,1{new string('0', half)})", $"eq(tags/a,time:now-1{new string('0', half)}.{new string('0', half - 100)}d)", Repeated("and(exists(id),", 250),
        ];
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < 100; round++)
        {
            Assert.All(bombs, bomb => Assert.False(Rql.TryParseFilter(bomb, out _, out _)));
        }

        // Each takes well below a tenth of a millisecond; what is squared in the length takes a hundred times as long.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Whatever_is_cut_or_changed_is_read_or_has_a_place() =>
        Gen.Select(Questions.Filters, Gen.Int[0, 1000], Gen.OneOf("", "(", ")", ",", "/", "\"", "\\", " ", "\0", "-", "null", "😀", "\u202e")).Sample((text, at, put) =>
        {
            at %= text.Length;
            foreach (var broken in new[] { text[..at], text[..at] + put + text[at..], text[..at] + put + text[(at + 1)..] })
            {
                if (Rql.TryParseFilter(broken, out _, out var problem))
                {
                    continue;
                }

                var detail = problem.Detail;
                var place = int.Parse(detail["filter is wrong at character ".Length..detail.IndexOfAny([',', ':'])], CultureInfo.InvariantCulture);
                Assert.InRange(place, 1, broken.Length + 1);
                Assert.DoesNotContain(detail, character => char.IsControl(character) || character == '\u202e');
            }
        });

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static void AssertWrong(int place, string sentence, string text)
    {
        Assert.False(Rql.TryParseFilter(text, out _, out var problem));
        Assert.StartsWith($"filter is wrong at character {place}, near ", problem.Detail);
        Assert.Contains(sentence, problem.Detail);
    }
}
