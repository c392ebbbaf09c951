using System.Text.Json;
using Twins.Contracts.Fleet;

namespace Twins.Silo.Storage;

/// <summary>The dead letters in the store.</summary>
internal sealed class DeadLetterStore(IStateStore store)
{
    /// <summary>Adds a dead letter; returns when it is durable.</summary>
    public Task AddAsync(DeadLetter letter) =>
        store.AddDeadLetterAsync(new StoredDeadLetter(letter.Id, letter.TwinId, JsonSerializer.SerializeToUtf8Bytes(letter, DeadLetterJson.Default.DeadLetter)));

    /// <summary>Returns dead letters, newest first, older than <paramref name="before"/> (null: from the newest).</summary>
    public async Task<DeadLetter[]> ListAsync(string? before, int limit) => Array.ConvertAll(
        await store.ListDeadLettersAsync(before, limit),
        letter => JsonSerializer.Deserialize(letter.Span, DeadLetterJson.Default.DeadLetter)!);
}
