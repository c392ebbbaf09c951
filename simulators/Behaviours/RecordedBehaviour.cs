namespace Twins.Simulators.Behaviours;

/// <summary>Values that were measured once.</summary>
/// <param name="Series">One for each recorded device; they are dealt out in turn.</param>
internal sealed record RecordedBehaviour(IReadOnlyList<RecordedSeries> Series) : Behaviour
{
    /// <summary>Each value holds until the next, rather than going there in a line.</summary>
    public bool Hold { get; init; } = true;

    /// <summary>After the last value the first comes again; otherwise the last stays.</summary>
    public bool Loop { get; init; } = true;

    /// <summary>A value comes when the clock shows its time; otherwise the first comes when the fleet starts.</summary>
    public bool ByClock { get; init; }

    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var at = binder.At;
        Act step = (in moment) =>
        {
            var series = Series[(moment.Serial - 1) % Series.Count];
            var since = ByClock ? moment.Now.UtcTicks - series.FirstTicks : (moment.Now - moment.Start).Ticks;
            moment.State[at] = series.At(since, Loop, Hold);
        };
        return new Process(step, step);
    }
}
