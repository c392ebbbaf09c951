using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Twins.Api.Http;
using Twins.Contracts.Fleet;
using Twins.Silo.Hosting;

namespace Twins.Api.Tests;

public sealed class QueryAdmissionTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly QueryAdmission _queries;

    public QueryAdmissionTests()
    {
        var options = new TwinsOptions();
        (options.Api.QueriesPerCaller, options.Api.Queries) = (2, 3);
        _queries = new QueryAdmission(Options.Create(options), _time);
    }

    public ValueTask DisposeAsync() => _queries.DisposeAsync();

    [Fact]
    public async Task Query_over_the_limit_of_its_caller_waits_for_another()
    {
        var (first, second, third) = (Start("a"), Start("a"), Start("a"));
        Assert.True(first.HasStarted && second.HasStarted);
        Assert.False(third.HasStarted);

        var other = Start("b");
        Assert.True(other.HasStarted);

        first.End();
        await first.Answer;
        await third.Started();
    }

    [Fact]
    public async Task Caller_with_many_queries_does_not_delay_another()
    {
        var running = new[] { Start("a"), Start("a"), Start("b") };
        var waiting = Enumerable.Range(0, 10).Select(_ => Start("a")).ToArray();
        var other = Start("c");
        Assert.False(other.HasStarted);

        running[0].End();
        await running[0].Answer;
        await other.Started();
        Assert.All(waiting, query => Assert.False(query.HasStarted));
    }

    [Fact]
    public async Task Query_that_waited_for_5_s_is_refused()
    {
        var (first, second, third) = (Start("a"), Start("a"), Start("a"));
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(third.Answer.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.1));

        var refused = await Assert.ThrowsAsync<TooManyQueriesException>(() => third.Answer);
        Assert.Contains("2 at a time (Twins:Api:QueriesPerCaller), and all clients 3 (Twins:Api:Queries); send the next query when", refused.Message, StringComparison.Ordinal);
        first.End();
        second.End();
        await Task.WhenAll(first.Answer, second.Answer);
        Assert.False(third.HasStarted);
        Assert.True(Start("a").HasStarted);
    }

    [Fact]
    public async Task Query_is_refused_at_once_if_the_queue_is_full()
    {
        var queries = Enumerable.Range(0, 2 + 64).Select(_ => Start("a")).ToArray();
        await Assert.ThrowsAsync<TooManyQueriesException>(() => Start("a").Answer);
        Assert.True(Start("b").HasStarted);
        Assert.All(queries, query => Assert.False(query.Answer.IsCompleted));
    }

    [Fact]
    public async Task Query_that_fails_makes_place()
    {
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<TimeoutException>(() => _queries.Run<int>("a", () => throw new TimeoutException(), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Caller_that_goes_while_its_query_waits_leaves_the_queue()
    {
        var (first, _) = (Start("a"), Start("a"));
        using var gone = new CancellationTokenSource();
        var third = StartUntil("a", gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third.Answer);
        first.End();
        await first.Answer;
        Assert.True(Start("a").HasStarted);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::1", "::1")]
    public void Caller_is_an_IPv4_address_or_an_IPv6_network(string address, string caller) => Assert.Equal(caller, Caller.Of(IPAddress.Parse(address)));

    private PendingQuery Start(string caller) => StartUntil(caller, TestContext.Current.CancellationToken);

    private PendingQuery StartUntil(string caller, CancellationToken gone) => new(_queries, caller, gone);
}
