namespace Twins.Contracts.Fleet;

/// <summary>A query was not run, because other queries keep the fleet index busy.</summary>
[GenerateSerializer, Alias("twins.too-many-queries")]
public sealed class TooManyQueriesException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Names the limit and the remedy.</param>
    public TooManyQueriesException(string message)
        : base(message)
    {
    }
}
