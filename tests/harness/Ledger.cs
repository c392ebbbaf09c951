using System.Collections.Concurrent;

namespace Twins.Tests.Harness;

/// <summary>
/// What devices were acknowledged, and what their twins have shown: here it is decided what is lost and what has gone
/// backwards. Safe for any thread.
/// </summary>
public sealed class Ledger
{
    private readonly ConcurrentDictionary<string, LedgerPage> _pages = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _lost = new();
    private readonly ConcurrentQueue<string> _unsaved = new();

    /// <summary>All twins in it.</summary>
    public IEnumerable<LedgerPage> Pages => _pages.Values;

    /// <summary>Messages that were acknowledged, in all.</summary>
    public long Acknowledged => Pages.Sum(page => page.Acknowledgements);

    /// <summary>What was acknowledged and not there when <see cref="Check"/> looked.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    /// <summary>What is missing of what <see cref="CheckSaved"/> counts apart.</summary>
    public IReadOnlyCollection<string> Unsaved => _unsaved;

    /// <summary>What was less than it had been seen to be.</summary>
    public IReadOnlyCollection<string> Backwards => [.. Pages.SelectMany(page => page.Backwards)];

    /// <summary>Opens the page of a twin.</summary>
    public LedgerPage Open(string id, int properties) => _pages.GetOrAdd(id, static (id, properties) => new LedgerPage(id, properties), properties);

    /// <summary>
    /// Compares every twin with what its device was acknowledged before it is read. What is missing at the deadline is
    /// noted as lost, once.
    /// </summary>
    /// <param name="patience">How long what was acknowledged may take to be seen: nothing where the acknowledgement means durable.</param>
    public Task Check(TwinsRest rest, TimeSpan patience) =>
        Task.WhenAll(Pages.Select(async page => (await Missing(page, page.Promised(), rest, patience)).ForEach(_lost.Enqueue)));

    /// <summary>What is acknowledged now, for <see cref="CheckSaved"/>.</summary>
    public IReadOnlyList<(LedgerPage Page, int[] Promised)> Now() => [.. Pages.Select(page => (page, page.Promised()))];

    /// <summary>
    /// The same, for a broker that acknowledges before it saves: what it had <paramref name="saved"/> must be there; what
    /// is missing of the rest is counted apart.
    /// </summary>
    public async Task CheckSaved(
        TwinsRest rest, IReadOnlyList<(LedgerPage Page, int[] Promised)> saved, TimeSpan patience, TimeSpan patienceForRest)
    {
        await Task.WhenAll(saved.Select(async page => (await Missing(page.Page, page.Promised, rest, patience)).ForEach(_lost.Enqueue)));
        await Task.WhenAll(Pages.Select(async page => (await Missing(page, page.Promised(), rest, patienceForRest)).ForEach(_unsaved.Enqueue)));
    }

    /// <summary>Fails unless nothing is lost and nothing has gone backwards.</summary>
    public void AssertClean()
    {
        Assert.True(Lost.Count == 0, $"{Lost.Count} lost: {string.Join("; ", Lost.Take(5))}");
        Assert.True(Backwards.Count == 0, $"{Backwards.Count} backwards: {string.Join("; ", Backwards.Take(5))}");
        Assert.NotEqual(0, Acknowledged);
    }

    private static async Task<List<string>> Missing(LedgerPage page, int[] promised, TwinsRest rest, TimeSpan patience)
    {
        IReadOnlyList<(int Property, string Fault)> faults = [];
        try
        {
            await Eventually.Passes(
                async () =>
                {
                    faults = page.Faults(promised, await rest.Reported(page.Id));
                    Assert.Empty(faults);
                },
                patience);
        }
        catch (Xunit.Sdk.EmptyException)
        {
            foreach (var (property, _) in faults)
            {
                page.Forget(property);
            }
        }

        return [.. faults.Select(fault => fault.Fault)];
    }
}
