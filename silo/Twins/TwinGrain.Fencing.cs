using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>
/// Rejects what comes from a connection that has lost its right to another one, and what comes with a call that its caller has given up
/// and repeated (docs/decisions/0016-fencing.md).
/// </summary>
internal sealed partial class TwinGrain
{
    /// <summary>The token, which no other connection has, and the number of the last call that told of the device's presence.</summary>
    private ulong _presenceToken;
    private long _presenceCall;

    /// <summary>
    /// Compares a token with the one known for the same right, and keeps the higher one. A token that changes nothing else goes into the
    /// store with the next change: until then nothing of its connection has been stored that an earlier one could overwrite.
    /// </summary>
    /// <param name="source">The connection.</param>
    /// <param name="call">The number of the call that brings its messages; 0 to compare the token only.</param>
    /// <returns>The token that is known, if the connection or the call is behind; otherwise null.</returns>
    private ulong? FencedBy(MessageSource source, long call)
    {
        if (source.Right == 0)
        {
            return null;
        }

        var known = State.Tokens.Of(source.Right);
        var token = new RightToken(source.Right, source.Token, call == 0 && source.Token == known.Token ? known.Call : call);
        if (token.IsBefore(known))
        {
            return known.Token;
        }

        if (token != known)
        {
            store.State = State with { Tokens = State.Tokens.With(token) };
        }

        return null;
    }

    /// <summary>Compares the token of a connection that tells of the device's presence, and the number of the call.</summary>
    private bool IsFenced(MessageSource source, long call)
    {
        var fenced = FencedBy(source, call: 0) is not null || (source.Right != 0 && source.Token == _presenceToken && call < _presenceCall);
        if (fenced)
        {
            services.Metrics.Fenced(source.Address.Link);
        }
        else
        {
            (_presenceToken, _presenceCall) = (source.Token, call);
        }

        return fenced;
    }
}
