namespace Twins.Simulators.Behaviours;

/// <summary>
/// A random walk. Free, its spread grows with the square root of time and it turns back at the property's range (Brownian
/// motion); with a mean it is pulled back (Ornstein–Uhlenbeck). Either way long steps and short ones spread alike.
/// </summary>
/// <param name="Spread">The standard deviation: free, after an hour; with a mean, the one it settles at.</param>
internal sealed record WalkBehaviour(double Spread) : Behaviour
{
    /// <summary>Where it begins; null: at the mean, or in the middle of its range.</summary>
    public Formula? Begin { get; init; }

    /// <summary>What it is pulled back to; null: nothing.</summary>
    public Formula? Mean { get; init; }

    /// <summary>With a mean: after how long it has mostly forgotten where it was (to 1/e).</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromMinutes(10);

    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var at = binder.At;
        var (least, greatest) = (binder.Property.Min ?? double.NegativeInfinity, binder.Property.Max ?? double.PositiveInfinity);
        var middle = least + (greatest - least) / 2;
        var begin = binder.Number(Begin ?? Mean ?? Formula.Of(double.IsFinite(middle) ? middle : 0));
        if (Mean is null)
        {
            return new Process(
                (in moment) => moment.State[at] = begin(moment),
                (in moment) => moment.State[at] = Fold(
                    moment.State[at] + Spread * Math.Sqrt(moment.Seconds / 3600) * moment.Gaussian(), least, greatest));
        }

        var (mean, memory, spreadAtStart) = (binder.Number(Mean), Memory.TotalSeconds, Begin is null ? Spread : 0);
        return new Process(
            (in moment) => moment.State[at] = begin(moment) + spreadAtStart * moment.Gaussian(),
            (in moment) =>
            {
                var kept = Math.Exp(-moment.Seconds / memory);
                var middle = mean(moment);
                moment.State[at] = middle + (moment.State[at] - middle) * kept + Spread * Math.Sqrt(1 - kept * kept) * moment.Gaussian();
            });
    }

    // A walk that meets the end of its range walks back from it, however often it would have crossed.
    private static double Fold(double value, double least, double greatest)
    {
        if (value >= least && value <= greatest)
        {
            return value;
        }

        var width = greatest - least;
        if (!double.IsFinite(width))
        {
            return value < least ? 2 * least - value : 2 * greatest - value;
        }

        var along = Math.Abs(value - least) % (2 * width);
        return least + (along > width ? 2 * width - along : along);
    }
}
