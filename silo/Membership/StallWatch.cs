namespace Twins.Silo.Membership;

/// <summary>
/// Notices that this process stood still (a paused virtual machine, a debugger, a machine that swaps) for so long that
/// the others may have given it up, and looks at the membership table at once: a silo that finds itself dead there ends.
/// Without it, it would go on for up to the period of table reads, and its readers would read what is old: they wait for
/// this (<see cref="Pulse"/>).
/// </summary>
internal sealed partial class StallWatch(IClusterMembershipService members, Pulse pulse, ILogger<StallWatch> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        pulse.Beat();
        using var timer = new PeriodicTimer(pulse.Doubtful / 4);
        while (await Next(timer, stoppingToken))
        {
            if (pulse.IsDoubtful)
            {
                Stood(pulse.Stood.TotalSeconds);
                try
                {
                    await members.Refresh(default, stoppingToken);
                }
                catch (Exception exception)
                {
                    // Nothing is known yet: readers go on waiting.
                    NotRead(exception);
                    continue;
                }
            }

            pulse.Beat();
        }

        // The silo ends in good order: nobody is kept waiting for a beat that does not come.
        pulse.Rest();
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogEvents.Stalled, LogLevel.Warning, "This process stood still for {Seconds:0.0} s; the others may have given it up, which is looked up now.")]
    private partial void Stood(double seconds);

    [LoggerMessage(LogEvents.StalledNotRead, LogLevel.Warning, "The membership table could not be read, so that this silo does not know whether it was given up; it is tried again at once, and reads of twins wait.")]
    private partial void NotRead(Exception exception);
}
