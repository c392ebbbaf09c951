using System.Runtime.InteropServices;

namespace Twins.Faults.Tests;

/// <summary>A time in which a twin did not answer, or took no updates.</summary>
/// <param name="Began">Since the watch began.</param>
/// <param name="Ended">Since the watch began; null: it has not.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Outage(TimeSpan Began, TimeSpan? Ended);
