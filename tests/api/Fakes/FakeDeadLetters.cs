using Twins.Contracts.Fleet;

namespace Twins.Api.Tests.Fakes;

internal sealed class FakeDeadLetters : IDeadLettersGrain
{
    private readonly List<DeadLetter> _letters = [];

    public Task Add(DeadLetter letter)
    {
        _letters.Add(letter);
        return Task.CompletedTask;
    }

    public Task<DeadLetter[]> List(string? before, int limit) => Task.FromResult(
        _letters
            .Where(letter => before is null || string.CompareOrdinal(letter.Id, before) < 0)
            .OrderByDescending(letter => letter.Id, StringComparer.Ordinal)
            .Take(limit)
            .ToArray());
}
