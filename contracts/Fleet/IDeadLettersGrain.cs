using Orleans.CodeGeneration;

namespace Twins.Contracts.Fleet;

/// <summary>The messages that could not be applied, with their reasons. Key 0; a stateless worker.</summary>
[Alias("twins.dead-letters"), Version(GrainVersion.Current)]
public interface IDeadLettersGrain : IGrainWithIntegerKey
{
    /// <summary>Keeps a dead letter; durable when this returns. The oldest go when the store holds its capacity.</summary>
    [Alias("add")]
    Task Add(DeadLetter letter);

    /// <summary>The newest first.</summary>
    /// <param name="before">The <see cref="DeadLetter.Id"/> to start behind; null for the newest.</param>
    /// <param name="limit">1 to 1,000.</param>
    [Alias("list")]
    Task<DeadLetter[]> List(string? before, int limit);
}
