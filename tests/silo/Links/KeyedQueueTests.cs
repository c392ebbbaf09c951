using Twins.Silo.Links;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class KeyedQueueTests
{
    [Fact]
    public async Task Work_of_one_key_runs_in_order_and_one_at_a_time()
    {
        var queue = new KeyedQueue(100);
        var order = new List<int>();
        var running = 0;
        var work = Enumerable.Range(0, 50).Select(n => queue.Run(
            "key",
            async () =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                await Task.Yield();
                order.Add(n);
                Interlocked.Decrement(ref running);
                return n;
            },
            -1)).ToArray();

        Assert.Equal(Enumerable.Range(0, 50), await Task.WhenAll(work));
        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task Keys_do_not_wait_for_one_another_and_a_full_key_says_so()
    {
        var queue = new KeyedQueue(2);
        var gate = new TaskCompletionSource<int>();
        var first = queue.Run("slow", () => gate.Task, -1);
        var second = queue.Run("slow", () => Task.FromResult(2), -1);

        Assert.Equal(-1, await queue.Run("slow", () => Task.FromResult(3), -1));
        Assert.Equal(4, await queue.Run("other", () => Task.FromResult(4), -1));
        Assert.False(second.IsCompleted);

        gate.SetResult(1);
        Assert.Equal((1, 2), (await first, await second));
    }

    [Fact]
    public async Task Work_that_fails_does_not_hold_up_what_is_behind_it()
    {
        var queue = new KeyedQueue(2);
        var failing = queue.Run<int>("key", () => throw new InvalidOperationException(), -1);
        Assert.Equal(1, await queue.Run("key", () => Task.FromResult(1), -1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
    }
}
