using System.Runtime.InteropServices;

namespace Twins.Silo.Fleet.Index;

/// <summary>What a measure has come to so far.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct GroupSum
{
    /// <summary>Twins or numbers.</summary>
    public long Count;

    /// <summary>Their sum, or the least or greatest of them.</summary>
    public double Number;
}
