using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class QueueBudgetTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly QueueBudget _budget;
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    public QueueBudgetTests() => _budget = new QueueBudget(
        Options.Create(new TwinsOptions { Limits = new LimitsOptions { QueueMiB = 1 } }), _services.GetRequiredService<IMeterFactory>());

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(100, 64)]
    [InlineData(2048, 512)]
    [InlineData(65536, 1024)]
    public void Default_is_a_quarter_of_the_memory_within_bounds(int availableMiB, int expected) =>
        Assert.Equal(expected, QueueBudget.LimitMiB(new LimitsOptions(), (long)availableMiB * MiB));

    [Fact]
    public void Setting_wins_over_the_memory() =>
        Assert.Equal(7, QueueBudget.LimitMiB(new LimitsOptions { QueueMiB = 7 }, long.MaxValue));

    [Fact]
    public async Task Waiters_are_served_in_their_order()
    {
        Assert.True(_budget.TryTake(MiB - 10, "a"));
        var first = _budget.TakeAsync(100, "a", _cancellation);
        var second = _budget.TakeAsync(5, "a", _cancellation);
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        Assert.False(_budget.TryTake(1, "http"));

        _budget.Return(MiB - 10);

        await first.WaitAsync(_cancellation);
        await second.WaitAsync(_cancellation);
        Assert.Equal(105, _budget.Used);
    }

    [Fact]
    public async Task Message_beyond_the_limit_passes_alone()
    {
        Assert.True(_budget.TryTake(10, "a"));
        var large = _budget.TakeAsync(3 * MiB, "a", _cancellation);
        Assert.False(large.IsCompleted);

        _budget.Return(10);

        await large.WaitAsync(_cancellation);
        Assert.False(_budget.TryTake(1, "a"));
        _budget.Return(3 * MiB);
        Assert.True(_budget.TryTake(1, "a"));
    }

    [Fact]
    public async Task Cancelled_waiter_lets_the_next_one_through()
    {
        Assert.True(_budget.TryTake(MiB / 2, "a"));
        using var gone = new CancellationTokenSource();
        var large = _budget.TakeAsync(3 * MiB, "a", gone.Token);
        var small = _budget.TakeAsync(10, "a", _cancellation);
        Assert.False(small.IsCompleted);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small.WaitAsync(_cancellation);
        Assert.Equal((MiB / 2) + 10, _budget.Used);
    }

    [Fact]
    public async Task Bytes_are_all_returned_under_contention()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = _cancellation }, async (i, _) =>
        {
            using var gone = new CancellationTokenSource();
            var bytes = i % 7 == 0 ? 2L * MiB : 1 + (i * 1000);
            var taking = _budget.TakeAsync(bytes, "a", gone.Token);
            if (i % 5 == 0)
            {
                await gone.CancelAsync();
            }

            await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (taking.IsCompletedSuccessfully)
            {
                await Task.Yield();
                _budget.Return(bytes);
            }
        });

        Assert.Equal(0, _budget.Used);
        Assert.True(_budget.TryTake(MiB, "a"));
    }
}
