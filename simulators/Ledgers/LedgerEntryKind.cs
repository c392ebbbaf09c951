namespace Twins.Simulators.Ledgers;

/// <summary>What a line of a ledger notes.</summary>
internal enum LedgerEntryKind
{
    /// <summary>A report is about to be sent.</summary>
    Sent,

    /// <summary>A report was acknowledged.</summary>
    Acknowledged,

    /// <summary>The fleet has stopped; nothing follows.</summary>
    End,
}
