namespace Twins.Simulators.Behaviours;

/// <summary>Numbers of a bell curve, and none depends on the one before.</summary>
/// <param name="Mean">Their middle.</param>
/// <param name="Deviation">Their standard deviation.</param>
internal sealed record NormalBehaviour(Formula Mean, Formula Deviation) : Behaviour
{
    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var (mean, deviation, at) = (binder.Number(Mean), binder.Number(Deviation), binder.At);
        Act draw = (in moment) => moment.State[at] = mean(moment) + deviation(moment) * moment.Gaussian();
        return new Process(draw, draw);
    }
}
