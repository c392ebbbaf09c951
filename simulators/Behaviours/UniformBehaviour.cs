namespace Twins.Simulators.Behaviours;

/// <summary>Any number of a range, each as likely, and none depends on the one before.</summary>
internal sealed record UniformBehaviour(double Least, double Greatest) : Behaviour
{
    public override ValueKind Kind(KindBinder binder) => ValueKind.Number;

    public override Process Bind(PropertyBinder binder)
    {
        var at = binder.At;
        Act draw = (in moment) => moment.State[at] = Least + (Greatest - Least) * moment.Random.NextDouble();
        return new Process(draw, draw);
    }
}
