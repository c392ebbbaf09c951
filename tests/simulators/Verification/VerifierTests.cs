using System.Net;
using System.Net.Http.Headers;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Verification;
using Xunit;

namespace Twins.Simulators.Tests.Verification;

public sealed class VerifierTests : IDisposable
{
    private readonly LedgerScript _script = new();

    private FakePlatform Platform => _script.Platform;

    public void Dispose() => _script.Dispose();

    [Theory]
    [InlineData("""{"t":1} {"t":2,"m":{"rpm":3}}""", """{"t":2,"m":{"rpm":3}}""")]
    [InlineData("""{"t":1} {"t":null}""", """{}""")]
    [InlineData("""{"m":{"a":1,"b":2}} {"m":5} {"m":{"c":3}}""", """{"m":{"c":3}}""")]
    [InlineData("""{"m":{"a":1}} {"m":{"a":null}}""", """{"m":{}}""")]
    [InlineData("""{"t":44.30,"u":1e2}""", """{"u":100,"t":44.3}""")]
    [InlineData("""{"s":"ü","l":[1,{"x":null}]}""", """{"s":"\u00fc","l":[1,{"x":null}]}""")]
    public async Task A_twin_as_its_patches_made_it_is_clean(string patches, string twin)
    {
        await _script.WriteAsync(patches.Split(' '));
        Platform.Set("sim:a", twin);
        var report = await _script.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.True(report.Clean);
        Assert.Equal(0, report.Unacknowledged);
        Assert.True(report.Properties > 0);
    }

    [Theory]
    [InlineData("""{"t":1} ?{"t":2}""", """{"t":1}""", 0)]
    [InlineData("""{"t":1} ?{"t":2}""", """{"t":2}""", 1)]
    [InlineData("""?{"t":2}""", """{}""", 0)]
    [InlineData("""?{"t":2}""", """{"t":2}""", 1)]
    [InlineData("""{"m":{"a":1,"b":2}} ?{"m":null}""", """{}""", 2)]
    [InlineData("""{"m":{"a":1,"b":2}} ?{"m":7}""", """{"m":7}""", 3)]
    [InlineData("""{"m":5} ?{"m":{"a":1}}""", """{"m":{"a":1}}""", 2)]
    [InlineData("""{"m":{"a":1}} ?{"m":null} {"m":{"b":2}}""", """{"m":{"b":2}}""", 1)]
    public async Task What_was_sent_and_not_acknowledged_may_be_there_or_not(string patches, string twin, int unacknowledged)
    {
        await _script.WriteAsync(patches.Split(' '));
        Platform.Set("sim:a", twin);
        var report = await _script.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal(unacknowledged, report.Unacknowledged);
    }

    [Theory]
    [InlineData("""{"t":1,"u":1} {"t":2}""", """{"u":1}""", "lost sim:a t 2→- #2")]
    [InlineData("""{"m":{"a":1,"b":2},"u":1}""", """{"u":1}""", "lost sim:a m/a 1→- #1\nlost sim:a m/b 2→- #1")]
    [InlineData("""{"m":{}}""", """{}""", "lost sim:a m {}→- #1")]
    [InlineData("""{"t":1} {"t":2} {"t":3}""", """{"t":2}""", "stale sim:a t 3→2 #3←#2")]
    [InlineData("""{"t":1} {"t":2} {"t":1} {"t":3}""", """{"t":1}""", "stale sim:a t 3→1 #4←#3")]
    [InlineData("""{"t":1} {"t":null}""", """{"t":1}""", "stale sim:a t -→1 #2←#1")]
    [InlineData("""?{"t":1} {"t":2}""", """{"t":1}""", "stale sim:a t 2→1 #2←#1")]
    [InlineData("""{"m":{"a":1}} {"m":5}""", """{"m":{"a":1}}""", "stale sim:a m 5→{\"a\":1} #2←#1")]
    [InlineData("""{"m":5} {"m":{"a":1,"b":2}}""", """{"m":5}""", "stale sim:a m {}→5 #2←#1")]
    [InlineData("""{"t":1} {"t":2}""", """{"t":3}""", "wrong sim:a t 2→3 #2")]
    [InlineData("""{"m":{"a":1}}""", """{"m":{"a":1,"x":9}}""", "wrong sim:a m/x -→9")]
    [InlineData("""{"t":1}""", """{"t":1,"x":{"y":1}}""", "wrong sim:a x -→{\"y\":1}")]
    [InlineData("""{"t":1} ?{"t":2}""", """{"t":3}""", "wrong sim:a t 1→3 #1")]
    [InlineData("""?{"t":2}""", """{"t":3}""", "wrong sim:a t -→3")]
    public async Task Damage_is_found_and_named_and_nothing_else_is(string patches, string twin, string findings)
    {
        await _script.WriteAsync([.. patches.Split(' ').Select(patch => ("sim:a", patch.TrimStart('?'), MessageStamp.None, patch[0] != '?')), ("sim:b", """{"t":1}""", MessageStamp.None, true)]);
        Platform.Set("sim:a", twin);
        Platform.Set("sim:b", """{"t":1}""");
        Assert.Equal(findings, await _script.FindingsAsync());
    }

    [Fact]
    public async Task Acknowledgements_beyond_the_trusted_lines_promise_nothing()
    {
        // Lines: the header, then a report and its acknowledgement each.
        await _script.WriteAsync("""{"t":1}""", """{"t":2}""", """{"t":3}""");
        Platform.Set("sim:a", """{"t":2}""");

        Assert.Equal(1, (await _script.VerifyAsync()).Stale);
        Assert.Empty((await _script.VerifyAsync(new VerifyOptions(_script.Path) { TrustedLines = 5 })).Findings);
        Platform.Set("sim:a", """{"t":1}""");
        File.Delete(SeenFile.PathOf(_script.Path));
        Assert.Equal(1, (await _script.VerifyAsync(new VerifyOptions(_script.Path) { TrustedLines = 5 })).Stale);
    }

    [Fact]
    public async Task A_twin_that_is_not_there_is_lost_unless_nothing_of_it_was_acknowledged()
    {
        await _script.WriteAsync([("sim:a", """{"t":1}""", default, true), ("sim:b", """{"t":1}""", default, false), ("sim:c", "{}", default, true)]);
        Assert.Equal("lost sim:a twin -→- #1\nlost sim:c twin -→- #3", await _script.FindingsAsync());
    }

    [Fact]
    public async Task What_was_there_before_the_ledger_is_counted_and_not_wrong()
    {
        await _script.WriteAsync("""{"t":1}""", """?{"u":2}""");
        Platform.CreatedAt = DateTimeOffset.UnixEpoch;
        Platform.Set("sim:a", """{"t":1,"u":7,"old":true}""");
        var report = await _script.VerifyAsync();
        Assert.Empty(report.Findings);
        Assert.Equal(2, report.Older);
    }

    [Fact]
    public async Task The_order_is_that_of_the_stamps_where_there_are_any()
    {
        // Sent 1, 3, 2: the twin keeps 3, then a restart counts from 1 again.
        await _script.WriteAsync([Numbered(9, 1), Numbered(9, 3), Numbered(9, 2)]);
        Platform.Set("sim:a", """{"t":903}""");
        Assert.Empty(await _script.FindingsAsync());
        await _script.WriteAsync([Numbered(9, 1), Numbered(9, 3), Numbered(9, 2)]);
        Platform.Set("sim:a", """{"t":902}""");
        Assert.Equal("stale sim:a t 903→902 #2←#3", await _script.FindingsAsync());

        await _script.WriteAsync([Numbered(9, 1), Numbered(9, 3), Numbered(4, 1)]);
        Platform.Set("sim:a", """{"t":401}""");
        Assert.Empty(await _script.FindingsAsync());

        static (string, string, MessageStamp, bool) Numbered(ulong epoch, ulong seq) =>
            ("sim:a", $$"""{"t":{{epoch * 100 + seq}}}""", new MessageStamp(epoch, seq, null), true);
    }

    [Fact]
    public async Task Times_order_too_and_of_the_same_time_either_may_be_kept()
    {
        foreach (var (value, expected) in (List<(int, string)>)[(2, ""), (3, ""), (4, "stale sim:a t 2→4 #2←#4")])
        {
            await _script.WriteAsync([At(5, 1), At(7, 2), At(7, 3), At(6, 4)]);
            Platform.Set("sim:a", $$"""{"t":{{value}}}""");
            Assert.Equal(expected, await _script.FindingsAsync());
        }

        static (string, string, MessageStamp, bool) At(int second, int value) =>
            ("sim:a", $$"""{"t":{{value}}}""", new MessageStamp(null, null, $"2026-01-01T00:00:0{second}Z"), true);
    }

    [Fact]
    public async Task What_an_earlier_look_saw_must_not_be_older_later()
    {
        await _script.WriteAsync("""{"t":1}""", """?{"t":2}""", """?{"t":3}""");
        Platform.Set("sim:a", """{"t":3}""");
        Assert.Empty(await _script.FindingsAsync());
        Platform.Set("sim:a", """{"t":1}""");
        Assert.Equal("backwards sim:a t 1→1 #1←#1", await _script.FindingsAsync());
        Platform.Set("sim:a", """{"t":2}""");
        Assert.Equal("backwards sim:a t 1→2 #1←#2", await _script.FindingsAsync());
        Platform.Set("sim:a", """{"t":3}""");
        Assert.Empty(await _script.FindingsAsync());

        Platform.Revision--;
        Assert.Equal("backwards sim:a twin 5→4", await _script.FindingsAsync());
    }

    [Fact]
    public async Task A_value_that_comes_again_proves_only_its_first_sending()
    {
        await _script.WriteAsync("""{"t":1}""", """?{"t":2}""", """?{"t":1}""");
        Platform.Set("sim:a", """{"t":1}""");
        Assert.Empty(await _script.FindingsAsync());
        Platform.Set("sim:a", """{"t":2}""");
        Assert.Empty(await _script.FindingsAsync());
        Platform.Set("sim:a", """{"t":1}""");
        Assert.Empty(await _script.FindingsAsync());
    }

    [Fact]
    public async Task Waiting_looks_again_until_it_is_right_and_no_longer()
    {
        await _script.WriteAsync([("sim:a", """{"t":1}""", default, true), ("sim:a", """{"t":2}""", default, true), ("sim:b", """{"t":1}""", default, true)]);
        Platform.Set("sim:a", """{"t":1}""");
        Platform.Set("sim:b", """{"t":1}""");
        Platform.Instead = _ =>
        {
            if (Platform.Requests == 4)
            {
                Platform.Set("sim:a", """{"t":2}""");
            }

            return null;
        };
        var report = await _script.VerifyAsync(new VerifyOptions(_script.Path) { Wait = TimeSpan.FromMinutes(5) });
        Assert.Empty(report.Findings);
        Assert.Equal(4, Platform.Requests);
    }

    [Fact]
    public async Task A_busy_platform_is_asked_again_when_it_says()
    {
        await _script.WriteAsync("""{"t":1}""");
        Platform.Set("sim:a", """{"t":1}""");
        Platform.Instead = _ => Platform.Requests <= 2
            ? new HttpResponseMessage(Platform.Requests == 1 ? HttpStatusCode.TooManyRequests : HttpStatusCode.ServiceUnavailable)
            {
                Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.Zero) },
            }
            : null;
        Assert.Empty(await _script.FindingsAsync());
        Assert.Equal(3, Platform.Requests);
    }

    [Fact]
    public async Task A_404_of_something_else_is_no_lost_twin()
    {
        await _script.WriteAsync("""{"t":1}""");
        Platform.Instead = _ => new HttpResponseMessage(HttpStatusCode.NotFound);
        var wrong = await Assert.ThrowsAsync<ApiException>(_script.FindingsAsync);
        Assert.Equal("http://platform.test:8080/ answers 404 for twin sim:a; that is not the platform's; name its address with --api", wrong.Message);
    }

    [Fact]
    public async Task A_damaged_memory_of_earlier_looks_is_one_sentence()
    {
        await _script.WriteAsync("""{"t":1}""");
        await File.WriteAllTextAsync(_script.Path + ".seen", "{\"id\":\"a\"}\n", TestContext.Current.CancellationToken);
        var wrong = await Assert.ThrowsAsync<LedgerException>(_script.FindingsAsync);
        Assert.Equal("run.ledger.seen, line 1: this is not what an earlier look left behind; remove the file to forget earlier looks", wrong.Message);
    }
}
