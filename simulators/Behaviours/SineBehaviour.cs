namespace Twins.Simulators.Behaviours;

/// <summary>A wave by the fleet's clock: at midnight UTC plus the phase it goes up through its mean.</summary>
internal sealed record SineBehaviour(Formula Mean, Formula Amplitude, TimeSpan Period) : Behaviour
{
    /// <summary>How late the wave is; null: each device draws its own.</summary>
    public TimeSpan? Phase { get; init; } = TimeSpan.Zero;

    /// <summary>The standard deviation of what is added to each value.</summary>
    public double Noise { get; init; }

    public override int Slots => 2;

    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var (mean, amplitude, at) = (binder.Number(Mean), binder.Number(Amplitude), binder.At);
        Act step = (in moment) =>
        {
            // Whole periods are taken off as ticks: as seconds since 1970 a short period would lose its digits.
            var into = moment.Now.UtcTicks % Period.Ticks / (double)Period.Ticks;
            var wave = Math.Sin(2 * Math.PI * (into - moment.State[at + 1]));
            moment.State[at] = mean(moment) + amplitude(moment) * wave + (Noise > 0 ? Noise * moment.Gaussian() : 0);
        };
        return new Process(
            (in moment) =>
            {
                moment.State[at + 1] = Phase is { } phase ? phase / Period : moment.Random.NextDouble();
                step(moment);
            },
            step);
    }
}
