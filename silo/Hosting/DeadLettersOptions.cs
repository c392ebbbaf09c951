namespace Twins.Silo.Hosting;

/// <summary><c>Twins:DeadLetters</c>: how many dead letters are kept.</summary>
public sealed class DeadLettersOptions
{
    /// <summary>Gets or sets how many are kept; the oldest are removed first.</summary>
    /// <value>1 to 1,000,000; default 10,000.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>
    /// Gets or sets how many of them may be of one twin, so that one device does not displace the dead letters of all others. Messages
    /// that name no twin count as one.
    /// </summary>
    /// <value>1 to 1,000,000; default 1,000.</value>
    public int CapacityPerTwin { get; set; } = 1_000;
}
