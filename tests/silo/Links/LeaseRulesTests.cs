using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Links.Broker;
using Xunit;

namespace Twins.Silo.Tests.Links;

/// <summary>One silo at a time has a broker link.</summary>
public sealed class LeaseRulesTests
{
    private readonly HashSet<string> _dead = [];
    private readonly FakeTimeProvider _time = new();
    private readonly LeaseRules _lease;

    public LeaseRulesTests() => _lease = new LeaseRules(silo => !_dead.Contains(silo), _time);

    [Fact]
    public void Who_has_it_keeps_it_until_it_is_given_back()
    {
        Assert.Equal("a", _lease.Hold("a", known: null, owner: false));
        Assert.Equal("a", _lease.Hold("b", known: "a", owner: false));
        _lease.Release("b");
        Assert.Equal("a", _lease.Hold("b", known: "a", owner: false));

        _lease.Release("a");
        Assert.Equal("b", _lease.Hold("b", known: "a", owner: false));
    }

    [Fact]
    public void It_is_free_at_once_when_its_holder_is_dead()
    {
        _lease.Hold("a", known: null, owner: false);
        _dead.Add("a");
        Assert.Equal("b", _lease.Hold("b", known: "a", owner: false));
    }

    [Fact]
    public void It_runs_out_when_its_holder_stands_still()
    {
        _lease.Hold("a", known: null, owner: false);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("a", _lease.Hold("b", known: "a", owner: false));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal("b", _lease.Hold("b", known: "a", owner: false));

        // Who was stopped and goes on learns that it is another's.
        Assert.Equal("b", _lease.Hold("a", known: "a", owner: false));
    }

    [Fact]
    public void One_that_has_lost_its_memory_believes_who_asks_first()
    {
        Assert.Equal("a", _lease.Hold("b", known: "a", owner: false));
        Assert.Equal("a", _lease.Hold("a", known: "a", owner: false));
        Assert.Equal("a", _lease.Hold("b", known: "b", owner: false));
    }

    [Fact]
    public void One_that_has_lost_its_memory_does_not_believe_in_the_dead()
    {
        _dead.Add("a");
        Assert.Equal("b", _lease.Hold("b", known: "a", owner: false));
    }

    [Fact]
    public void Whose_it_is_gets_it_back_with_the_next_renewal()
    {
        _lease.Hold("adopter", known: null, owner: false);
        Assert.Equal("adopter", _lease.Hold("owner", known: null, owner: true));
        Assert.Equal("owner", _lease.Hold("adopter", known: "adopter", owner: false));
        Assert.Equal("owner", _lease.Hold("owner", known: "adopter", owner: true));
        Assert.Equal("owner", _lease.Hold("adopter", known: "owner", owner: false));
    }
}
