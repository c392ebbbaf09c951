using System.Runtime.CompilerServices;

namespace Twins.Silo.Fleet.Index;

/// <summary>Which rows of a page have a cell, one bit each.</summary>
[InlineArray(CellPage.Words)]
internal struct PageRows
{
    private ulong _first;
}
