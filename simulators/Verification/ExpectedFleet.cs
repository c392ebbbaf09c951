using Twins.Simulators.Ledgers;

namespace Twins.Simulators.Verification;

/// <summary>
/// What a ledger says every twin must be like. Takes memory by twins and properties, some 250 bytes each, and a bit by report.
/// </summary>
internal sealed class ExpectedFleet
{
    private readonly Dictionary<string, ExpectedTwin> _twins = new(StringComparer.Ordinal);

    private ExpectedFleet(LedgerReader ledger, LedgerAcknowledgements acknowledgements)
    {
        Ledger = ledger;
        Acknowledgements = acknowledgements;
    }

    public LedgerReader Ledger { get; }

    public LedgerAcknowledgements Acknowledgements { get; }

    /// <summary>See <see cref="LedgerDigest"/>.</summary>
    public string Digest { get; private set; } = string.Empty;

    /// <summary>The twins in the order of their ids.</summary>
    public IReadOnlyList<ExpectedTwin> Twins { get; private set; } = [];

    /// <summary>Reads the ledger: which reports were acknowledged, then what they said.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="trustedLines">Acknowledgements in its first so many lines count; null: all.</param>
    /// <param name="progress">Told how many bytes were read, now and then.</param>
    /// <exception cref="LedgerException">It is damaged.</exception>
    public static ExpectedFleet Read(LedgerReader ledger, long? trustedLines = null, IProgress<long>? progress = null)
    {
        var fleet = new ExpectedFleet(ledger, LedgerAcknowledgements.Of(ledger, trustedLines, progress));
        var digest = new LedgerDigest();
        var names = new NameTable();
        foreach (var entry in ledger.Read(progress))
        {
            // A ledger that still grows has more by now; only what was counted is looked at.
            if (entry.Kind != LedgerEntryKind.Sent || entry.Number > fleet.Acknowledgements.Reports)
            {
                continue;
            }

            if (!fleet._twins.TryGetValue(entry.TwinId, out var twin))
            {
                fleet._twins.Add(entry.TwinId, twin = new ExpectedTwin(entry.TwinId));
            }

            var acknowledged = fleet.Acknowledgements[entry.Number];
            twin.Take(entry, acknowledged, names);
            if (acknowledged)
            {
                digest.Add(entry.TwinId, entry.Patch.Span);
            }
        }

        fleet.Digest = digest.ToString();
        fleet.Twins = [.. fleet._twins.Values.OrderBy(static twin => twin.Id, StringComparer.Ordinal)];
        return fleet;
    }
}
