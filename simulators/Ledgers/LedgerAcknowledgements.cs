using System.Numerics;

namespace Twins.Simulators.Ledgers;

/// <summary>Which reports of a ledger were acknowledged: a bit each, so that a hundred million of them take 12 MiB.</summary>
internal sealed class LedgerAcknowledgements
{
    private ulong[] _words = new ulong[1024];

    /// <summary>How many reports there are.</summary>
    public long Reports { get; private set; }

    /// <summary>How many of them were acknowledged.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the ledger ends as it should; false: it was cut off with its simulator.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Whether the report was acknowledged.</summary>
    public bool this[long entry] => entry >> 6 < _words.Length && (_words[entry >> 6] & (1UL << (int)(entry & 63))) != 0;

    /// <summary>Reads a ledger once.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="trustedLines">Acknowledgements in its first so many lines count; null: all.</param>
    /// <param name="progress">Told how many bytes were read, now and then.</param>
    public static LedgerAcknowledgements Of(LedgerReader ledger, long? trustedLines = null, IProgress<long>? progress = null)
    {
        var all = new LedgerAcknowledgements();

        // The header is the first line.
        long line = 1;
        foreach (var entry in ledger.Read(progress))
        {
            line++;
            switch (entry.Kind)
            {
                case LedgerEntryKind.Sent:
                    all.Reports = entry.Number;
                    break;
                case LedgerEntryKind.Acknowledged when line <= (trustedLines ?? long.MaxValue):
                    all.Set(entry.Number);
                    break;
                case LedgerEntryKind.End:
                    all.IsComplete = true;
                    break;
            }
        }

        all.Count = all._words.Sum(static word => (long)BitOperations.PopCount(word));
        return all;
    }

    private void Set(long entry)
    {
        var word = entry >> 6;
        if (word >= _words.Length)
        {
            Array.Resize(ref _words, (int)Math.Max(word + 1, _words.Length * 2L));
        }

        _words[word] |= 1UL << (int)(entry & 63);
    }
}
