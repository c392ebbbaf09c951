using System.Runtime.InteropServices;

namespace Twins.Faults.Tests;

/// <summary>One read of a twin over REST.</summary>
/// <param name="Started">When it was asked, since the watch began.</param>
/// <param name="Ended">When it was answered, or given up.</param>
/// <param name="Answered">With 200.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Probe(TimeSpan Started, TimeSpan Ended, bool Answered);
