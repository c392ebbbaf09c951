using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>Rejects what comes from a connection that has lost its right to another one (docs/decisions/0016-fencing.md).</summary>
internal sealed partial class TwinGrain
{
    /// <summary>
    /// Compares a token with the one known for the same right, and keeps the higher one. A token that changes nothing else goes into the
    /// store with the next change: until then nothing of its connection has been stored that an earlier one could overwrite.
    /// </summary>
    /// <returns>The token that is known, if it is higher; otherwise null.</returns>
    private ulong? FencedBy(MessageSource source)
    {
        if (source.Right == 0)
        {
            return null;
        }

        var known = State.Tokens.Of(source.Right);
        if (source.Token < known)
        {
            return known;
        }

        if (source.Token > known)
        {
            store.State = State with { Tokens = State.Tokens.With(source.Right, source.Token) };
        }

        return null;
    }

    private bool IsFenced(MessageSource source)
    {
        var fenced = FencedBy(source) is not null;
        if (fenced)
        {
            services.Metrics.Fenced(source.Address.Link);
        }

        return fenced;
    }
}
