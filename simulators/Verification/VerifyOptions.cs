namespace Twins.Simulators.Verification;

/// <summary>What to compare with what.</summary>
/// <param name="Ledger">The file.</param>
internal sealed record VerifyOptions(string Ledger)
{
    /// <summary>The platform's address.</summary>
    /// <value>Default: <c>http://127.0.0.1:8080</c>.</value>
    public Uri Api { get; init; } = new("http://127.0.0.1:8080/");

    /// <summary>How long twins that are not right are looked at again, until they are: a broker link lags behind.</summary>
    /// <value>Default: not at all.</value>
    public TimeSpan Wait { get; init; }

    /// <summary>
    /// Only acknowledgements in the ledger's first so many lines count; what was acknowledged later may be there or not. For a
    /// broker that acknowledges first and saves afterwards.
    /// </summary>
    /// <value>Default: null, all count.</value>
    public long? TrustedLines { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
