using System.Runtime.InteropServices;

namespace Twins.Simulators.Behaviours;

/// <summary>A value at a time of day.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DailyPoint(TimeSpan Time, double Value);
