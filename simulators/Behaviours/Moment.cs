namespace Twins.Simulators.Behaviours;

/// <summary>One device at one moment of the fleet's clock: everything a value may depend on.</summary>
/// <param name="state">The device's values and what their behaviours remember.</param>
/// <param name="random">Its randomness.</param>
/// <param name="now">The fleet's clock, UTC.</param>
/// <param name="start">What it showed at the start.</param>
/// <param name="seconds">How long it is since the moment before; 0 at the start.</param>
/// <param name="serial">The device's number in the fleet, from 1.</param>
internal readonly ref struct Moment(Span<double> state, Random random, DateTimeOffset now, DateTimeOffset start, double seconds, int serial)
{
    public readonly Span<double> State = state;
    public readonly Random Random = random;
    public readonly DateTimeOffset Now = now;
    public readonly DateTimeOffset Start = start;
    public readonly double Seconds = seconds;
    public readonly int Serial = serial;

    /// <summary>Seconds since the fleet's start.</summary>
    public double Elapsed => (Now - Start).TotalSeconds;

    /// <summary>A draw from the bell curve with mean 0 and deviation 1.</summary>
    // Box–Muller; 1 - x because the logarithm of 0 is not a number one wants.
    public double Gaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - Random.NextDouble())) * Math.Cos(2 * Math.PI * Random.NextDouble());
}
