namespace Twins.Simulators.Ledgers;

/// <summary>The first line of a ledger: whose it is.</summary>
/// <param name="Broker">What the fleet connected to.</param>
/// <param name="Seed">What repeats the run; null for a replay.</param>
/// <param name="Plan">The name of the fleet's plan, or of the file that was replayed.</param>
/// <param name="Started">The time of the machine that ran the fleet.</param>
internal sealed record LedgerHeader(string Broker, int? Seed, string Plan, DateTimeOffset Started);
