using System.Runtime.InteropServices;

namespace Twins.Simulators.Ledgers;

/// <summary>One line of a ledger below its header.</summary>
/// <param name="Kind">What it notes.</param>
/// <param name="Number">The report's number; of an end, the last report's.</param>
/// <param name="TwinId">A report's device; else empty.</param>
/// <param name="Epoch">A report's epoch, where it has one.</param>
/// <param name="Seq">A report's sequence number, where it has one.</param>
/// <param name="Time">A report's own time, where it has one.</param>
/// <param name="Patch">What was reported; valid until the next line is read.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LedgerEntry(
    LedgerEntryKind Kind, long Number, string TwinId, ulong? Epoch, ulong? Seq, DateTimeOffset? Time, ReadOnlyMemory<byte> Patch);
