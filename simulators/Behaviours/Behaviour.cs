namespace Twins.Simulators.Behaviours;

/// <summary>How a property's value comes about over time.</summary>
internal abstract record Behaviour
{
    /// <summary>How many numbers of a device's state it takes: the value first, then what it remembers.</summary>
    public virtual int Slots => 1;

    /// <summary>What its values are.</summary>
    public abstract ValueKind Kind(KindBinder binder);

    /// <summary>Makes it ready to run.</summary>
    public abstract Process Bind(PropertyBinder binder);
}
