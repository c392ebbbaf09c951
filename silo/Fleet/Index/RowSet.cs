using System.Buffers;
using System.Numerics;

namespace Twins.Silo.Fleet.Index;

/// <summary>Rows of a table, one bit each, in memory of the pool; undefined at first.</summary>
internal readonly ref struct RowSet
{
    private readonly ulong[] _rented;

    public RowSet(int words)
    {
        _rented = ArrayPool<ulong>.Shared.Rent(words);
        Words = _rented.AsSpan(0, words);
    }

    public Span<ulong> Words { get; }

    public static void Add(Span<ulong> rows, ReadOnlySpan<ulong> others)
    {
        for (var word = 0; word < rows.Length; word++)
        {
            rows[word] |= others[word];
        }
    }

    public static void Remove(Span<ulong> rows, ReadOnlySpan<ulong> others)
    {
        for (var word = 0; word < rows.Length; word++)
        {
            rows[word] &= ~others[word];
        }
    }

    public static int Count(ReadOnlySpan<ulong> rows)
    {
        var count = 0;
        foreach (var word in rows)
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    public void Dispose() => ArrayPool<ulong>.Shared.Return(_rented);
}
