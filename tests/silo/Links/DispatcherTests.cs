using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;
using Twins.Silo.Links;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;
using Twins.Silo.Tests.Harness;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class DispatcherTests : IDisposable
{
    private static readonly StoreException s_full = new(StoreFault.Full, "full");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new();
    private readonly StoreHealth _health = new();
    private readonly Dispatcher _dispatcher;
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private Func<DeviceMessage[], Task<MessageOutcome[]>> _apply = Applied;
    private int _calls;

    public DispatcherTests() => _dispatcher = new Dispatcher(
        (_, messages) =>
        {
            Interlocked.Increment(ref _calls);
            return _apply(messages);
        },
        new StoreRetry(_health, _time),
        new TwinsMetrics(_services.GetRequiredService<IMeterFactory>()),
        _time,
        NullLogger<Dispatcher>.Instance);

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Message_waits_as_long_as_the_store_fails()
    {
        _health.Set(s_full);
        _apply = _ => Task.FromException<MessageOutcome[]>(s_full);
        var applied = Give();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            await Task.Yield();
        }

        Assert.False(applied.IsCompleted);
        _apply = Applied;

        // No time passes: it goes on at once.
        _health.Set(null);

        Assert.Equal(MessageOutcomeKind.Applied, (await applied.WaitAsync(TimeSpan.FromSeconds(20), _cancellation)).Kind);
        Assert.Equal(0, _dispatcher.Waiting);
    }

    [Fact]
    public async Task Fault_that_the_probe_does_not_see_is_waited_for()
    {
        _apply = _ => Task.FromException<MessageOutcome[]>(new StoreException(StoreFault.OutOfDescriptors, "none left"));
        var applied = Give();
        await PassAsync(TimeSpan.FromMinutes(2), () => applied.IsCompleted);
        Assert.False(applied.IsCompleted);

        _apply = Applied;
        await PassUntilAsync(() => applied.IsCompleted);

        Assert.Equal(MessageOutcomeKind.Applied, (await applied).Kind);
    }

    [Fact]
    public async Task Write_that_alone_fails_is_given_back_after_20_s()
    {
        _apply = _ => Task.FromException<MessageOutcome[]>(new StoreException(StoreFault.Failed, "this one"));
        var applied = Give();

        await PassUntilAsync(() => applied.IsCompleted);

        await Assert.ThrowsAsync<StoreException>(() => applied);
        Assert.Equal(0, _dispatcher.Waiting);
    }

    [Fact]
    public async Task Qos_0_is_dropped_and_qos_1_kept_when_the_store_fails()
    {
        var started = new TaskCompletionSource<MessageOutcome[]>();
        _apply = _ => started.Task;
        var kept = Give();
        var shed = Give(mayShed: true);
        var behind = Give();

        _health.Set(s_full);
        started.SetException(s_full);
        await PassUntilAsync(() => shed.IsCompleted);

        await Assert.ThrowsAsync<StoreException>(() => shed);
        _apply = Applied;
        _health.Set(null);
        await Task.WhenAll(kept, behind).WaitAsync(TimeSpan.FromSeconds(20), _cancellation);
    }

    [Fact]
    public async Task Messages_of_ended_connections_do_not_pile_up()
    {
        _health.Set(s_full);
        _apply = _ => Task.FromException<MessageOutcome[]>(s_full);
        var last = Task.FromResult(MessageOutcome.Applied);
        for (var connection = 0; connection < 50; connection++)
        {
            // A device connects, publishes ahead, has no answer and connects again.
            using var ended = new CancellationTokenSource();
            last = _dispatcher.Apply("d", Messages.Reported("{}"), mayShed: false, ended.Token);
            _ = _dispatcher.Apply("d", Messages.Reported("{}"), mayShed: false, ended.Token);
            await ended.CancelAsync();
            await PassUntilAsync(() => _dispatcher.Waiting <= 2);
        }

        await PassUntilAsync(() => _dispatcher.Waiting == 0);
        await Assert.ThrowsAsync<StoreException>(() => last);
    }

    [Fact]
    public async Task Failing_store_is_tried_at_a_bounded_rate()
    {
        _health.Set(s_full);
        _apply = _ => Task.FromException<MessageOutcome[]>(s_full);
        var waiting = Enumerable.Range(0, 1000).Select(i => Give($"d{i}")).ToArray();

        await PassAsync(TimeSpan.FromSeconds(10), () => false);

        // 20 attempts a second.
        Assert.InRange(_calls, 1, 210);
        _apply = Applied;
        _health.Set(null);
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(20), _cancellation);
    }

    private Task<MessageOutcome> Give(string twinId = "d", bool mayShed = false) => _dispatcher.Apply(twinId, Messages.Reported("{}"), mayShed, _cancellation);

    private static Task<MessageOutcome[]> Applied(DeviceMessage[] messages) => Task.FromResult(Array.ConvertAll(messages, _ => MessageOutcome.Applied));

    /// <summary>Lets time pass until something is so; on a busy machine that may need more of it.</summary>
    private Task<bool> PassUntilAsync(Func<bool> done) => Eventually.Holds(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult(done());
        },
        isDone => isDone);

    /// <summary>Lets time pass in small steps, with room for what waits for it, until it is enough.</summary>
    private async Task PassAsync(TimeSpan time, Func<bool> enough)
    {
        var step = TimeSpan.FromMilliseconds(500);
        for (var passed = TimeSpan.Zero; passed < time && !enough(); passed += step)
        {
            _time.Advance(step);
            for (var i = 0; i < 10; i++)
            {
                await Task.Yield();
            }
        }
    }
}
