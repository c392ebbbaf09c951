namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Finds online twins whose devices have sent nothing within their inactivity timeout, and has the twins look at it: a twin decides by what it
/// knows itself. So there is no timer for each device.
/// </summary>
internal sealed partial class FleetPartitionGrain
{
    /// <summary>The time between two sweeps: a twin becomes offline this much late at the most, and a little.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    /// <summary>Twins that are asked at once.</summary>
    private const int SweepPageSize = 32;

    private void BeginToSweep() =>
        this.RegisterGrainTimer(Sweep, new GrainTimerCreationOptions(SweepInterval, SweepInterval) { Interleave = true });

    private async Task Sweep(CancellationToken cancellationToken)
    {
        try
        {
            // Goes through all pages of the table: not at each change.
            Measure(_table.Count, _table.Bytes);
            foreach (var page in _ready ? _table.Inactive(options.Value.Devices.InactivityTimeout, time.GetUtcNow()).Chunk(SweepPageSize) : [])
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    return;
                }

                await waker.WakeAsync(page);
            }
        }
        catch (Exception exception)
        {
            SweepFailed(exception, Shard);
        }
    }

    [LoggerMessage(LogEvents.InactivitySweepFailed, LogLevel.Warning, "Failed to check inactive twins of partition {Shard}; checking them again in 10 s.")]
    private partial void SweepFailed(Exception exception, int shard);
}
