namespace Twins.Simulators.Behaviours;

/// <summary>What one recorded device measured, in order of time. Shared by all simulated devices that play it.</summary>
internal sealed class RecordedSeries
{
    private readonly long[] _since;
    private readonly double[] _values;

    /// <param name="device">Whose it is.</param>
    /// <param name="ticks">When, in UTC ticks, ascending; at least one.</param>
    /// <param name="values">What, as many.</param>
    public RecordedSeries(string device, IReadOnlyList<long> ticks, IReadOnlyList<double> values)
    {
        Device = device;
        FirstTicks = ticks[0];
        _since = [.. ticks.Select(tick => tick - FirstTicks)];
        _values = [.. values];
    }

    public string Device { get; }

    /// <summary>When the first value was measured.</summary>
    public long FirstTicks { get; }

    public int Count => _values.Length;

    /// <summary>From the first value to the last.</summary>
    public TimeSpan Length => TimeSpan.FromTicks(_since[^1]);

    /// <summary>The value so many ticks after the first.</summary>
    public double At(long since, bool loop, bool hold)
    {
        // A round is as long as the recording and one pause, so that the last value is not cut off.
        var round = _since[^1] + (_since.Length > 1 ? _since[^1] / (_since.Length - 1) : 0);
        if (loop && round > 0)
        {
            since = ((since % round) + round) % round;
        }

        var index = Array.BinarySearch(_since, since);
        index = index >= 0 ? index : ~index - 1;
        if (index < 0 || index >= _values.Length - 1 || hold)
        {
            return _values[Math.Clamp(index, 0, _values.Length - 1)];
        }

        var share = (since - _since[index]) / (double)(_since[index + 1] - _since[index]);
        return _values[index] + (_values[index + 1] - _values[index]) * share;
    }
}
