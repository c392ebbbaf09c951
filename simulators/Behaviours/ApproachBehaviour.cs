namespace Twins.Simulators.Behaviours;

/// <summary>Goes to its target as heat and flow do: fast at first, then slower.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Within">After how many seconds 95 % of the way are done.</param>
internal sealed record ApproachBehaviour(Formula Target, Formula Within) : Behaviour
{
    // exp(-3) is 5 %.
    private const double TimeConstants = 3;

    /// <summary>Where it begins; null: at its target.</summary>
    public Formula? Begin { get; init; }

    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var (target, within, begin, at) = (binder.Number(Target), binder.Number(Within), binder.Number(Begin ?? Target), binder.At);
        return new Process(
            (in moment) => moment.State[at] = begin(moment),
            (in moment) =>
            {
                var to = target(moment);
                var span = within(moment);
                var kept = span > 0 ? Math.Exp(-TimeConstants * moment.Seconds / span) : 0;
                moment.State[at] = to + (moment.State[at] - to) * kept;
            });
    }
}
