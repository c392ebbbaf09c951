namespace Twins.Simulators.Behaviours;

/// <summary>What a formula says, at each moment anew.</summary>
internal sealed record FormulaBehaviour(Formula Value) : Behaviour
{
    public override ValueKind Kind(KindBinder binder) => binder.KindOf(Value);

    public override Process Bind(PropertyBinder binder)
    {
        var value = binder.Any(Value);
        var at = binder.At;
        Act act = (in moment) => moment.State[at] = value(moment);
        return new Process(act, act);
    }
}
