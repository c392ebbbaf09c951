using Microsoft.Extensions.Time.Testing;
using Twins.Contracts.Fleet;
using Twins.Silo.Fleet.Index;
using Xunit;

namespace Twins.Silo.Tests.Fleet;

public sealed class QueryTurnsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _order = [];
    private readonly List<Task> _tasks = [];

    [Fact]
    public async Task Callers_take_turns_by_the_time_they_used()
    {
        var turns = new QueryTurns(cores: 1, _time);
        await Hold(turns, () =>
        {
            foreach (var name in new[] { "a1", "a2", "a3", "a4", "b1", "b2" })
            {
                Start(turns, name, name[0] == 'a' ? 30 : 60);
            }
        });

        // After 30 ms of a and 60 ms of b, it is the turn of a until it has used more.
        Assert.Equal(["a1", "b1", "a2", "a3", "b2", "a4"], _order);
    }

    [Fact]
    public async Task Short_scans_use_all_cores_and_long_ones_leave_one()
    {
        var turns = new QueryTurns(cores: 2, _time);
        Assert.Equal(2, await Together(turns));
        await turns.Run(Query("a"), () => Scan("long", 11));
        Assert.Equal(1, await Together(turns));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await Together(turns));
    }

    [Fact]
    public async Task Scan_that_waits_for_8_s_is_refused()
    {
        var turns = new QueryTurns(cores: 1, _time);
        await Hold(turns, () =>
        {
            Start(turns, "b1", 1);
            _time.Advance(TimeSpan.FromSeconds(8));
            Assert.True(SpinWait.SpinUntil(() => _tasks[0].IsCompleted, TimeSpan.FromSeconds(30)));
        });

        Assert.Empty(_order);
        await Assert.ThrowsAsync<TooManyQueriesException>(() => _tasks[0]);
        await turns.Run(Query("b"), () => Scan("b2", 1));
        Assert.Equal(["b2"], _order);
    }

    [Fact]
    public async Task Other_scans_of_a_query_that_is_too_slow_are_refused()
    {
        var turns = new QueryTurns(cores: 1, _time);
        var slow = new FilterTooSlowException(TimeSpan.FromSeconds(1));
        await Hold(turns, () =>
        {
            _tasks.Add(turns.Run<int>(Query("a", "x"), () => throw slow));
            _tasks.Add(turns.Run(Query("a", "x"), () => Scan("a-x", 1)));
            _tasks.Add(turns.Run(Query("a", "y"), () => Scan("a-y", 1)));
            _tasks.Add(turns.Run(Query("b", "x"), () => Scan("b-x", 1)));
        });

        Assert.Equal(["a-y", "b-x"], _order.Order());
        foreach (var task in _tasks[..2])
        {
            Assert.Same(slow, await Assert.ThrowsAsync<FilterTooSlowException>(() => task));
        }
    }

    private static FleetQuery Query(string caller, string? filter = null) => new() { Caller = caller, Filter = filter, Now = DateTimeOffset.UnixEpoch };

    private int Scan(string name, int milliseconds)
    {
        _order.Add(name);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return 0;
    }

    private void Start(QueryTurns turns, string name, int milliseconds) =>
        _tasks.Add(turns.Run(Query(name[..1]), () => Scan(name, milliseconds)));

    // Does something while a scan takes the only place, and waits for what was started.
    private async Task Hold(QueryTurns turns, Action meanwhile)
    {
        await Task.Run(
            () => turns.Run(Query("holder"), () =>
            {
                meanwhile();
                return 0;
            }),
            TestContext.Current.CancellationToken);
        await Task.WhenAll(_tasks).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    // How many scans run at a time: another is started while one runs.
    private static async Task<int> Together(QueryTurns turns)
    {
        var others = new List<Task<int>>();
        var first = await turns.Run(Query("holder"), () =>
        {
            others.Add(turns.Run(Query("c"), static () => 0));
            return others[0].IsCompleted ? 2 : 1;
        });
        await Task.WhenAll(others);
        return first;
    }
}
