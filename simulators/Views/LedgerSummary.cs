namespace Twins.Simulators.Views;

/// <summary>What a run left in its ledger.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Reports">How many reports were noted.</param>
/// <param name="Acknowledged">How many of them were acknowledged.</param>
/// <param name="Digest">The same for the same acknowledged values, see <see cref="Ledgers.LedgerDigest"/>.</param>
internal sealed record LedgerSummary(string File, long Reports, long Acknowledged, string Digest);
