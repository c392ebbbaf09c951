using Twins.Simulators.Ledgers;

namespace Twins.Simulators.Verification;

/// <summary>What came out: the members of <c>verify --json</c>, in camel case.</summary>
internal sealed record VerifyReport
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool Clean => Findings.Count == 0;

    public required string Ledger { get; init; }

    /// <summary>False: the ledger was cut off with its simulator, and does not know what was sent in its last second.</summary>
    public required bool Complete { get; init; }

    public required LedgerHeader Header { get; init; }

    /// <summary>See <see cref="LedgerDigest"/>.</summary>
    public required string Digest { get; init; }

    public required string Api { get; init; }

    public required int Twins { get; init; }

    /// <summary>Properties that were acknowledged and compared.</summary>
    public required long Properties { get; init; }

    public required long Reports { get; init; }

    public required long Acknowledged { get; init; }

    /// <summary>Properties with a value that was sent and not acknowledged, which is as good.</summary>
    public required long Unacknowledged { get; init; }

    /// <summary>Properties from before the ledger began, about which it says nothing.</summary>
    public required long Older { get; init; }

    public required int Lost { get; init; }

    public required int Stale { get; init; }

    public required int Backwards { get; init; }

    public required int Wrong { get; init; }

    /// <summary>What is wrong, by twin and property.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}
