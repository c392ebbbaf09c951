namespace Twins.Silo.Telemetry;

/// <summary>Limits how many lines clients can make the log write. Safe for any thread.</summary>
/// <param name="perMinute">Lines in each minute; more are left out.</param>
/// <param name="time">The clock.</param>
internal sealed class LogQuota(int perMinute, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long? _began;
    private int _left;

    /// <summary>Whether one more line may be written.</summary>
    public bool Take()
    {
        lock (_gate)
        {
            if (_began is not { } began || time.GetElapsedTime(began) >= TimeSpan.FromMinutes(1))
            {
                (_began, _left) = (time.GetTimestamp(), perMinute);
            }

            return _left > 0 && _left-- > 0;
        }
    }
}
