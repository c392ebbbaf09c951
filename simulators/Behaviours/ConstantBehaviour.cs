namespace Twins.Simulators.Behaviours;

/// <summary>One value for as long as the device lives.</summary>
/// <param name="Value">Computed once for each device, when it starts.</param>
internal sealed record ConstantBehaviour(Formula Value) : Behaviour
{
    public override ValueKind Kind(KindBinder binder) => binder.KindOf(Value);

    public override Process Bind(PropertyBinder binder)
    {
        var value = binder.Any(Value);
        var at = binder.At;
        return new Process((in moment) => moment.State[at] = value(moment), null);
    }
}
