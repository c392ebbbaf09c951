using System.Diagnostics;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// The values of cells that have several: the elements of an array, and what is behind an array of objects. Each list starts with
/// whether all that is there is empty (<see cref="Cell.True"/>), and goes on with the texts, numbers and truth values.
/// </summary>
internal sealed class ManyCells
{
    private readonly List<ulong[]> _lists = [];
    private readonly Stack<int> _free = new();
    private long _cells;

    /// <summary>Memory it holds, in bytes.</summary>
    public long Bytes => (_cells * 8) + (_lists.Count * 32L);

    /// <summary>All values that are in use.</summary>
    public IEnumerable<ulong[]> Lists => _lists;

    public ReadOnlySpan<ulong> Values(ulong cell) => _lists[Cell.CodeOf(cell)].AsSpan(1);

    public bool IsEmpty(ulong cell) => _lists[Cell.CodeOf(cell)][0] == Cell.True;

    public bool Equals(ulong cell, ReadOnlySpan<ulong> list) => _lists[Cell.CodeOf(cell)].AsSpan().SequenceEqual(list);

    public ulong Add(ReadOnlySpan<ulong> list)
    {
        Debug.Assert(!list.IsEmpty, "The first says whether all is empty.");
        _cells += list.Length;
        if (_free.TryPop(out var index))
        {
            _lists[index] = list.ToArray();
            return Cell.Many(index);
        }

        _lists.Add(list.ToArray());
        return Cell.Many(_lists.Count - 1);
    }

    public void Remove(ulong cell)
    {
        _cells -= _lists[Cell.CodeOf(cell)].Length;
        _lists[Cell.CodeOf(cell)] = [];
        _free.Push(Cell.CodeOf(cell));
    }
}
