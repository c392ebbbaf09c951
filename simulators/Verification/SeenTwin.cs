namespace Twins.Simulators.Verification;

/// <summary>What an earlier look found of a twin.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Entries">The ledger's entries that its properties were from, at least, by path.</param>
internal sealed record SeenTwin(long Revision, IReadOnlyDictionary<string, long> Entries)
{
    public long? EntryOf(string path) => Entries.TryGetValue(path, out var entry) ? entry : null;
}
