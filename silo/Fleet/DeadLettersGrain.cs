using Orleans.Concurrency;
using Twins.Contracts.Fleet;
using Twins.Silo.Storage;

namespace Twins.Silo.Fleet;

/// <summary>The dead letters, for those who have no store of their own at hand.</summary>
[GrainType("deadletters")]
[StatelessWorker]
internal sealed class DeadLettersGrain(DeadLetterStore store) : Grain, IDeadLettersGrain
{
    public Task Add(DeadLetter letter) => store.AddAsync(letter);

    public Task<DeadLetter[]> List(string? before, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1000);
        return store.ListAsync(before, limit);
    }
}
