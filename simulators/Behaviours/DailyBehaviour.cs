namespace Twins.Simulators.Behaviours;

/// <summary>A curve over the day by the fleet's clock (UTC).</summary>
/// <param name="Weekdays">Monday to Friday.</param>
/// <param name="Weekend">Saturday and Sunday.</param>
internal sealed record DailyBehaviour(IReadOnlyList<DailyPoint> Weekdays, IReadOnlyList<DailyPoint> Weekend) : Behaviour
{
    /// <summary>Each value holds until the next point, rather than going there in a line.</summary>
    public bool Stepped { get; init; }

    /// <summary>The standard deviation of what is added to each value.</summary>
    public double Noise { get; init; }

    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var at = binder.At;
        Act step = (in moment) => moment.State[at] = At(moment.Now) + (Noise > 0 ? Noise * moment.Gaussian() : 0);
        return new Process(step, step);
    }

    private double At(DateTimeOffset now)
    {
        var today = Of(now);
        var time = now.UtcDateTime.TimeOfDay;
        var next = 0;
        while (next < today.Count && today[next].Time <= time)
        {
            next++;
        }

        // Beyond the ends of a day lie the last point of the day before and the first of the day after.
        var before = next > 0 ? today[next - 1] : Of(now.AddDays(-1))[^1] is var last ? last with { Time = last.Time - TimeSpan.FromDays(1) } : default;
        if (Stepped)
        {
            return before.Value;
        }

        var after = next < today.Count ? today[next] : Of(now.AddDays(1))[0] is var first ? first with { Time = first.Time + TimeSpan.FromDays(1) } : default;
        return before.Value + (after.Value - before.Value) * ((time - before.Time) / (after.Time - before.Time));
    }

    private IReadOnlyList<DailyPoint> Of(DateTimeOffset day) =>
        day.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? Weekend : Weekdays;
}
