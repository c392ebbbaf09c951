using System.Runtime.InteropServices;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>What a measure has come to so far.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct GroupSum
{
    /// <summary>Twins or numbers.</summary>
    public long Count;

    /// <summary>Their sum.</summary>
    public double Sum;

    /// <summary>The least or greatest of them.</summary>
    public QueryNumber Extreme;
}
