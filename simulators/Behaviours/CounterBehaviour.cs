namespace Twins.Simulators.Behaviours;

/// <summary>A number that goes up, or down, with time.</summary>
/// <param name="Rate">Units an hour.</param>
internal sealed record CounterBehaviour(Formula Rate) : Behaviour
{
    /// <summary>What it begins with, computed once for each device.</summary>
    public Formula Begin { get; init; } = Formula.Of(0);

    /// <summary>The range it wraps in: beyond one end it comes in again at the other; null: it never does.</summary>
    public (double Low, double High)? Wrap { get; init; }

    /// <summary>It goes back to what it began with so often, by the clock: each midnight with 1d.</summary>
    public TimeSpan? ResetEvery { get; init; }

    // Value, the rate at the last moment, and what it began with.
    public override int Slots => 3;

    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var (rate, begin, at) = (binder.Number(Rate), binder.Number(Begin), binder.At);
        return new Process(
            (in moment) =>
            {
                moment.State[at] = moment.State[at + 2] = begin(moment);
                moment.State[at + 1] = Finite(rate(moment), 0);
            },
            (in moment) =>
            {
                var (value, before) = (moment.State[at], moment.State[at + 1]);
                var now = Finite(rate(moment), before);
                var hours = moment.Seconds / 3600;
                if (ResetEvery is { } every
                    && moment.Now.UtcTicks / every.Ticks != moment.Now.AddSeconds(-moment.Seconds).UtcTicks / every.Ticks)
                {
                    value = moment.State[at + 2];
                    hours = TimeSpan.FromTicks(moment.Now.UtcTicks % every.Ticks).TotalHours;
                }

                // The middle of both ends: what passes a meter does not depend on how often one looks.
                value += (before + now) / 2 * hours;
                moment.State[at] = Wrap is { } range ? Within(value, range.Low, range.High) : value;
                moment.State[at + 1] = now;
            });
    }

    private static double Within(double value, double low, double high)
    {
        var into = (value - low) % (high - low);
        return into < 0 ? into + high : into + low;
    }

    private static double Finite(double value, double otherwise) => double.IsFinite(value) ? value : otherwise;
}
