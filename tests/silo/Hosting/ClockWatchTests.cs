using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Twins.Silo.Hosting;
using Xunit;

namespace Twins.Silo.Tests.Hosting;

public sealed class ClockWatchTests
{
    [Theory]
    [InlineData(1, "forward")]
    [InlineData(-1, "back")]
    public async Task Jump_of_the_clock_is_logged(int days, string direction)
    {
        var (clock, log) = (new JumpingClock(), new Messages());
        using var watch = new ClockWatch(clock, log);
        await watch.StartAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(log.Texts);

        clock.Jump = TimeSpan.FromDays(days);
        await Eventually.Holds(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(log.Texts.Count);
            },
            count => count > 0);

        Assert.Contains($"was set {direction} by 86400", Assert.Single(log.Texts), StringComparison.Ordinal);
        await watch.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A clock of the wall that can be set while the monotonic one goes on.</summary>
    private sealed class JumpingClock : FakeTimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
    }

    private sealed class Messages : ILogger<ClockWatch>
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
