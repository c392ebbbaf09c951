namespace Twins.Simulators.Behaviours;

/// <summary>A formula made ready to be computed: its value at a moment.</summary>
internal delegate double Term(in Moment moment);
