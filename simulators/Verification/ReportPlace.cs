using System.Runtime.InteropServices;
using Twins.Contracts.Json;

namespace Twins.Simulators.Verification;

/// <summary>Where a report stands among those of its device: by its stamp where it can be compared, else by the order of sending.</summary>
/// <param name="Entry">Its number in the ledger.</param>
/// <param name="Stamp">What the platform orders it by.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReportPlace(long Entry, Stamp Stamp)
{
    /// <summary>Whether it is strictly later. Of two with the same stamp neither is: the platform keeps what arrives first.</summary>
    public bool IsLaterThan(in ReportPlace other) => AreOrdered(other) ? Stamp.Overwrites(other.Stamp) : Entry > other.Entry;

    private bool AreOrdered(in ReportPlace other) => Stamp.Sort == other.Stamp.Sort && Stamp.Sort != StampSort.Arrival;
}
