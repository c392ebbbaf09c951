using Twins.Silo.Links.Fencing;
using Xunit;

namespace Twins.Silo.Tests.Links.Fencing;

/// <summary>Tokens of several silos that share a store, and of one that has a store of its own.</summary>
public sealed class FenceTokensTests
{
    private TaskCompletionSource? _held;
    private long _counter;
    private int _calls;
    private bool _fails;

    [Fact]
    public async Task Later_token_is_higher_across_silos()
    {
        var (a, b) = (Silo(), Silo());
        var last = 0ul;
        for (var i = 0; i < 100; i++)
        {
            var token = await (i % 3 == 0 ? a : b).NextAsync();
            Assert.True(token > last);
            last = token;
        }
    }

    [Fact]
    public async Task Waiting_grants_share_a_round_trip()
    {
        var tokens = Silo();
        _held = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 100).Select(_ => tokens.NextAsync()).ToArray();
        _held.SetResult();

        Assert.Equal(100, (await Task.WhenAll(waiting)).Distinct().Count());
        Assert.Equal(2, _calls);
    }

    [Fact]
    public async Task Store_of_one_process_is_asked_once()
    {
        var tokens = Silo(isShared: false);
        var first = await tokens.NextAsync();
        _fails = true;
        Assert.Equal(first + 1, await tokens.NextAsync());
        _fails = false;

        // After a restart.
        Assert.True(await Silo(isShared: false).NextAsync() > first + 1);
        Assert.Equal(2, _calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_is_above_one_that_a_twin_knows(bool shared)
    {
        var tokens = Silo(shared);
        await tokens.NextAsync();

        tokens.Raise(5_000_000);

        Assert.True(await tokens.NextAsync() > 5_000_000);
        Assert.True(await tokens.NextAsync() > 5_000_001);
    }

    [Fact]
    public async Task Failure_of_the_store_reaches_those_who_wait()
    {
        var tokens = Silo();
        _fails = true;
        await Assert.ThrowsAsync<InvalidOperationException>(tokens.NextAsync);
        _fails = false;
        Assert.Equal(1ul, await tokens.NextAsync());
    }

    private FenceTokens Silo(bool isShared = true) => new(IncrementAsync, isShared);

    private async Task<long> IncrementAsync(long by, long above)
    {
        _calls++;
        await (_held?.Task ?? Task.CompletedTask);
        return _fails ? throw new InvalidOperationException("the store fails") : _counter = Math.Max(_counter, above) + by;
    }
}
