using System.Runtime.InteropServices;

namespace Twins.Silo.Fleet.Index;

/// <summary>What a twin has in one column.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct RowEntry
{
    public Column Column;

    /// <summary>The value, or the first of several.</summary>
    public ulong Cell;

    /// <summary>Where the others start (<see cref="RowExtra"/>), the last first; -1 for none.</summary>
    public int Extra;
}
