namespace Twins.Silo.Hosting;

/// <summary><c>Twins:DeadLetters</c>: how many dead letters are kept.</summary>
public sealed class DeadLettersOptions
{
    /// <summary>How many are kept; the oldest go first.</summary>
    /// <value>1 to 1,000,000; default 10,000.</value>
    public int Capacity { get; set; } = 10_000;
}
