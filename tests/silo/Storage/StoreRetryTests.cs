using Microsoft.Extensions.Time.Testing;
using Twins.Contracts.Storage;
using Twins.Silo.Storage;
using Xunit;

namespace Twins.Silo.Tests.Storage;

public sealed class StoreRetryTests
{
    private static readonly StoreException s_full = new(StoreFault.Full, "full");

    private readonly FakeTimeProvider _time = new();
    private readonly StoreHealth _health = new();
    private readonly StoreRetry _retry;

    public StoreRetryTests() => _retry = new StoreRetry(_health, _time);

    [Fact]
    public async Task Write_is_repeated_until_the_store_takes_it()
    {
        _health.Set(s_full);
        var failing = true;
        var written = _retry.RunAsync(() => failing ? Task.FromException(s_full) : Task.CompletedTask, () => false);
        await PassAsync(TimeSpan.FromMinutes(5));
        Assert.False(written.IsCompleted);

        failing = false;
        _health.Set(null);

        await written.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Unwanted_write_is_given_up_while_the_store_fails()
    {
        var unwanted = false;
        _health.Set(s_full);
        var written = _retry.RunAsync(() => Task.FromException(s_full), () => unwanted);
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.False(written.IsCompleted);

        unwanted = true;
        await PassUntilAsync(() => written.IsCompleted);

        Assert.Equal(StoreFault.Full, (await Assert.ThrowsAsync<StoreException>(() => written)).Fault);
    }

    [Fact]
    public async Task Another_failure_is_given_up_after_20_s()
    {
        var written = _retry.RunAsync(() => Task.FromException(new InvalidOperationException("no")), () => true);
        await PassAsync(TimeSpan.FromSeconds(15));
        Assert.False(written.IsCompleted);

        await PassUntilAsync(() => written.IsCompleted);

        await Assert.ThrowsAsync<InvalidOperationException>(() => written);
    }

    [Fact]
    public async Task Health_lets_all_go_that_wait_for_the_store()
    {
        Assert.True(_health.Set(s_full));
        var waits = Enumerable.Range(0, 100).Select(_ => _health.WaitAsync(TimeSpan.FromHours(1), _time)).ToArray();
        Assert.False(_health.Set(new StoreException(StoreFault.Full, "still")));
        Assert.DoesNotContain(waits, wait => wait.IsCompleted);

        Assert.True(_health.Set(null));

        await Task.WhenAll(waits).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await _health.WaitAsync(TimeSpan.FromHours(1), _time);
    }

    private Task<bool> PassUntilAsync(Func<bool> done) => Eventually.Holds(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult(done());
        },
        isDone => isDone);

    private async Task PassAsync(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(500);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _time.Advance(step);
            for (var i = 0; i < 10; i++)
            {
                await Task.Yield();
            }
        }
    }
}
