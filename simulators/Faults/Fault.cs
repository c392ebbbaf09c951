namespace Twins.Simulators.Faults;

/// <summary>One fault of a plan as it strikes one device: a row of moments, in spans since the fleet's start.</summary>
internal abstract class Fault
{
    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    /// <summary>When something happens next; <see cref="Never"/>: not any more.</summary>
    public TimeSpan Next { get; protected set; } = Never;

    /// <summary>The moment has come: does it, and moves <see cref="Next"/> on.</summary>
    public abstract void Pass(IFaultTarget device);

    // A plan may well say "in a million years"; the row just ends there.
    protected static TimeSpan Later(TimeSpan moment, TimeSpan span) => span < Never - moment ? moment + span : Never;
}
