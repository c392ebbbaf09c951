using System.Globalization;

namespace Twins.Contracts.Fleet;

/// <summary>
/// Names a write, so that a query can ask to see it: <c>acme:pump-1@42</c>. Each write answers with one, and a query that carries it
/// sees the write.
/// </summary>
/// <param name="TwinId">The twin that was written.</param>
/// <param name="Revision">Its revision after the write.</param>
[GenerateSerializer, Immutable, Alias("twins.revision-token")]
public readonly record struct RevisionToken(
    [property: Id(0)] string TwinId,
    [property: Id(1)] long Revision)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RevisionToken token)
    {
        // Ids have no @.
        var at = text.LastIndexOf('@');
        if (at > 0
            && Twins.TwinId.IsValid(text[..at])
            && long.TryParse(text[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var revision))
        {
            token = new RevisionToken(text[..at].ToString(), revision);
            return true;
        }

        token = default;
        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TwinId}@{Revision}");
}
