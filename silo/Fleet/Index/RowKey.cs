using System.Runtime.InteropServices;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>A <see cref="SortValue"/> of a row, whose text is not made yet.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">The nearest double of the number, or the time in Unix milliseconds; else 0.</param>
/// <param name="Code">The text's code; else 0.</param>
/// <param name="Remainder">How much more the number is than its nearest double (<see cref="QueryNumber.Remainder"/>).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowKey(SortValueKind Kind, double Number = 0, int Code = 0, short Remainder = 0);
