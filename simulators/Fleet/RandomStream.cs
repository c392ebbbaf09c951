namespace Twins.Simulators.Fleet;

/// <summary>
/// Random numbers of one sort for one device: eight bytes, where a <see cref="Random"/> with a seed has three hundred. A
/// fleet of ten thousand has several of them per device.
/// </summary>
internal struct RandomStream(ulong state)
{
    private ulong _state = state;

    /// <summary>0 to less than 1.</summary>
    public double NextDouble()
    {
        // SplitMix64; the upper 53 bits fill a double's fraction.
        _state = unchecked(_state + Seeds.Golden);
        return (Seeds.Scramble(_state) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>0 to less than the limit.</summary>
    public int Next(int limit) => (int)(NextDouble() * limit);
}
