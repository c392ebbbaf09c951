using System.Text.Json.Nodes;

namespace Twins.Simulators.Verification;

/// <summary>One thing that is wrong.</summary>
/// <param name="Verdict">How.</param>
/// <param name="Twin">Whose.</param>
/// <param name="Property">Its path in <c>reported</c>, as in routes (<c>motor/rpm</c>); null: the twin itself.</param>
/// <param name="Expected">The value that was acknowledged last, or the revision an earlier look saw; null: nothing.</param>
/// <param name="Found">What the twin has; null: nothing.</param>
/// <param name="Entry">The ledger's entry that <paramref name="Expected"/> is from; null where nothing was acknowledged.</param>
/// <param name="FoundEntry">The last entry with the value found; null where there is none.</param>
internal sealed record Finding(
    Verdict Verdict, string Twin, string? Property, JsonNode? Expected, JsonNode? Found, long? Entry, long? FoundEntry);
