using System.Text;
using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>The first rows of a sort, of all that are shown to it: a heap with the last of them on top, which the next has to beat.</summary>
internal sealed class TopRows
{
    private readonly SortKey[] _sort;
    private readonly PathSource[] _sources;
    private readonly Texts _ids;
    private readonly int _limit;

    // Of the twin behind which they are.
    private readonly SortValue[]? _afterKeys;
    private readonly byte[][] _afterTexts = [];
    private readonly byte[] _afterId = [];

    // By slot: a row and its keys. The heap has slots, its first is the last of the rows.
    private readonly int[] _rows;
    private readonly RowKey[] _keys;
    private readonly int[] _heap;
    private readonly RowKey[] _candidate;
    private int _count;

    public TopRows(SortKey[] sort, PathSource[] sources, Texts ids, FoundTwin? after, int limit)
    {
        (_sort, _sources, _ids, _limit) = (sort, sources, ids, limit);
        if (after is not null)
        {
            _afterKeys = after.Keys;
            _afterTexts = [.. after.Keys.Select(static key => Encoding.UTF8.GetBytes(key.Text ?? ""))];
            _afterId = Encoding.UTF8.GetBytes(after.Id);
        }

        _rows = new int[limit];
        _keys = new RowKey[limit * sort.Length];
        _heap = new int[limit];
        _candidate = new RowKey[sort.Length];
    }

    /// <summary>Shows it one more row.</summary>
    public void Offer(int row)
    {
        var known = 0;
        if ((_afterKeys is not null && !IsBehindAfter(row, ref known)) || (_count == _limit && !IsBeforeLast(row, ref known)))
        {
            return;
        }

        KeysUpTo(_sort.Length, row, ref known);
        var slot = _count < _limit ? _count : _heap[0];
        _rows[slot] = row;
        _candidate.CopyTo(_keys, slot * _sort.Length);
        if (_count < _limit)
        {
            MoveUp(_count++, slot);
        }
        else
        {
            MoveDown(slot);
        }
    }

    /// <summary>The rows, in order.</summary>
    public FoundTwin[] ToTwins()
    {
        var slots = _heap.AsSpan(0, _count).ToArray();
        Array.Sort(slots, CompareSlots);
        return Array.ConvertAll(slots, slot =>
        {
            var keys = new SortValue[_sort.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = _sources[i].ToSorted(_keys[(slot * _sort.Length) + i]);
            }

            return new FoundTwin(Encoding.UTF8.GetString(_ids[_rows[slot]]), keys);
        });
    }

    // Reads only the keys that decide: mostly the first does.
    private void KeysUpTo(int count, int row, ref int known)
    {
        for (; known < count; known++)
        {
            _candidate[known] = _sources[known].KeyOf(row);
        }
    }

    private bool IsBehindAfter(int row, ref int known)
    {
        for (var i = 0; i < _sort.Length; i++)
        {
            KeysUpTo(i + 1, row, ref known);
            var order = CompareToAfter(i);
            if (order != 0)
            {
                return order > 0;
            }
        }

        return _ids[row].SequenceCompareTo(_afterId) > 0;
    }

    private bool IsBeforeLast(int row, ref int known)
    {
        var last = _heap[0];
        for (var i = 0; i < _sort.Length; i++)
        {
            KeysUpTo(i + 1, row, ref known);
            var order = Compare(i, _candidate[i], _keys[(last * _sort.Length) + i]);
            if (order != 0)
            {
                return order < 0;
            }
        }

        return _ids[row].SequenceCompareTo(_ids[_rows[last]]) < 0;
    }

    private int CompareSlots(int left, int right)
    {
        for (var i = 0; i < _sort.Length; i++)
        {
            var order = Compare(i, _keys[(left * _sort.Length) + i], _keys[(right * _sort.Length) + i]);
            if (order != 0)
            {
                return order;
            }
        }

        return _ids[_rows[left]].SequenceCompareTo(_ids[_rows[right]]);
    }

    private int Compare(int key, in RowKey left, in RowKey right)
    {
        var order = left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind)
            : left.Kind == SortValueKind.Text ? CompareTexts(key, left, right)
            : left.Number != right.Number ? left.Number.CompareTo(right.Number)
            : left.Remainder.CompareTo(right.Remainder);
        return Directed(key, order, left.Kind, right.Kind);
    }

    private int CompareTexts(int key, in RowKey left, in RowKey right) =>
        left.Code == right.Code ? 0 : TextOrder.CompareSorted(_sources[key].TextOf(left), _sources[key].TextOf(right));

    private int CompareToAfter(int key)
    {
        ref readonly var left = ref _candidate[key];
        ref readonly var right = ref _afterKeys![key];
        var order = left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind)
            : left.Kind == SortValueKind.Text ? TextOrder.CompareSorted(_sources[key].TextOf(left), _afterTexts[key])
            : left.Number != right.Number ? left.Number.CompareTo(right.Number)
            : left.Remainder.CompareTo(right.Remainder);
        return Directed(key, order, left.Kind, right.Kind);
    }

    // As SortValue.Compare: what is missing is last, whichever way it goes.
    private int Directed(int key, int order, SortValueKind left, SortValueKind right) =>
        _sort[key].Descending && left != SortValueKind.Missing && right != SortValueKind.Missing ? -order : order;

    private void MoveUp(int at, int slot)
    {
        while (at > 0 && CompareSlots(slot, _heap[(at - 1) / 2]) > 0)
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = slot;
    }

    private void MoveDown(int slot)
    {
        var at = 0;
        for (var child = 1; child < _count; child = (2 * at) + 1)
        {
            if (child + 1 < _count && CompareSlots(_heap[child + 1], _heap[child]) > 0)
            {
                child++;
            }

            if (CompareSlots(slot, _heap[child]) >= 0)
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = slot;
    }
}
