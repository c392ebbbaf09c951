namespace Twins.Silo.Hosting;

/// <summary>Logs that the system clock was set: times in documents, timeouts of sessions and certificates depend on it.</summary>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ClockWatch(TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Corrections below this are what time synchronization does.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _monotonic = time.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var jump = time.GetUtcNow() - _wall - time.GetElapsedTime(_monotonic);
                (_wall, _monotonic) = (time.GetUtcNow(), time.GetTimestamp());
                if (jump.Duration() > Tolerance)
                {
                    Jumped(jump > TimeSpan.Zero ? "forward" : "back", jump.Duration().TotalSeconds);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process stops.
        }
    }

    [LoggerMessage(LogEvents.ClockJumped, LogLevel.Warning, "The system clock was set {Direction} by {Seconds:0.0} s. Times in documents before and after differ by that.")]
    private partial void Jumped(string direction, double seconds);
}
