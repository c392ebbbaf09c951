using System.Runtime.InteropServices;

namespace Twins.Silo.Fleet.Index;

/// <summary>One more value that a twin has in a column.</summary>
/// <param name="Cell">The value.</param>
/// <param name="IsElement">It is an element of an array that is at the path; else it is at the path in an object of an array.</param>
/// <param name="Next">The next; -1 for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowExtra(ulong Cell, bool IsElement, int Next);
