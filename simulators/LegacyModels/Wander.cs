namespace Twins.Simulators.LegacyModels;

/// <summary>Smooth noise around zero: a random walk that is pulled back (Ornstein–Uhlenbeck).</summary>
/// <param name="random">Where the randomness comes from.</param>
/// <param name="spread">The standard deviation it settles at.</param>
/// <param name="memory">How many seconds it takes to forget where it was.</param>
internal sealed class Wander(Random random, double spread, double memory)
{
    public double Value { get; private set; }

    public double Step(double seconds)
    {
        var kept = Math.Exp(-seconds / memory);
        return Value = Value * kept + spread * Math.Sqrt(1 - kept * kept) * Gaussian(random);
    }

    /// <summary>Moves a value towards its target as heat and flow do: fast at first, then slower.</summary>
    public static double Approach(double value, double target, double seconds, double timeConstant) =>
        target + (value - target) * Math.Exp(-seconds / timeConstant);

    // Box–Muller; 1 - x because the logarithm of 0 is not a number one wants.
    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
