namespace Twins.Simulators.Behaviours;

/// <summary>A property that applications can set; it stays as it is until they do.</summary>
/// <param name="Default">What it begins with, computed once for each device.</param>
internal sealed record SettingBehaviour(Formula Default) : Behaviour
{
    /// <summary>The texts it takes; empty: any.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    public override ValueKind Kind(KindBinder binder) => binder.KindOf(Default);

    public override Process Bind(PropertyBinder binder)
    {
        foreach (var option in Options)
        {
            binder.Text(option);
        }

        var value = binder.Any(Default);
        var at = binder.At;
        return new Process((in moment) => moment.State[at] = value(moment), null);
    }
}
