using Twins.Contracts.Fleet;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>Adds up rows in groups. What a row has in common with its group is compared as cells, and made into values at the end.</summary>
internal sealed class Groups
{
    private readonly PathSource[] _by;
    private readonly Measure[] _measures;
    private readonly PathSource?[] _measured;
    private readonly ManyCells _severals;
    private readonly int _maxGroups;
    private readonly TurnLimit _turn;
    private readonly ulong[] _row;

    // By group: its cells, one for each path, and its figures, one for each measure.
    private ulong[] _cells;
    private GroupSum[] _sums;
    private int[] _slots = new int[64];
    private int _count;

    // Of the texts of all groups.
    private long _keyBytes;

    public Groups(PathSource[] by, Measure[] measures, PathSource?[] measured, ManyCells severals, int maxGroups, TurnLimit turn)
    {
        (_by, _measures, _measured, _severals, _maxGroups, _turn) = (by, measures, measured, severals, maxGroups, turn);
        _row = new ulong[by.Length];
        _cells = new ulong[16 * by.Length];
        _sums = new GroupSum[16 * measures.Length];
        if (by.Length == 0)
        {
            Find();
        }
    }

    /// <summary>Adds a row to its group.</summary>
    /// <returns>False: there would be too many groups, or too long texts in them.</returns>
    public bool TryAdd(int row)
    {
        _turn.Spend(TurnLimit.RowBytes);
        for (var i = 0; i < _by.Length; i++)
        {
            // Whatever has no order of its own counts as equal.
            var cell = _by[i][row];
            _row[i] = cell == Cell.None || Cell.IsScalar(cell) ? cell : Cell.Object;
        }

        var group = Find();
        if (_count > _maxGroups || _keyBytes > FleetGroups.MaxKeyBytes)
        {
            return false;
        }

        for (var i = 0; i < _measures.Length; i++)
        {
            Measure(i, row, ref _sums[(group * _measures.Length) + i]);
        }

        return true;
    }

    /// <summary>The groups.</summary>
    public TwinGroup[] ToGroups()
    {
        var groups = new TwinGroup[_count];
        for (var group = 0; group < _count; group++)
        {
            var keys = new SortValue[_by.Length];
            for (var i = 0; i < keys.Length; i++)
            {
                keys[i] = _by[i].ToValue(_by[i].KeyOf(_cells[(group * _by.Length) + i]));
            }

            var figures = new GroupFigure[_measures.Length];
            for (var i = 0; i < figures.Length; i++)
            {
                figures[i] = Figure(_measures[i].Kind, _measured[i], _sums[(group * _measures.Length) + i]);
            }

            groups[group] = new TwinGroup(keys, figures);
        }

        return groups;
    }

    private static GroupFigure Figure(MeasureKind kind, PathSource? source, in GroupSum sum) =>
        kind is MeasureKind.Min or MeasureKind.Max
            ? new GroupFigure(sum.Count, 0, sum.Count == 0 ? SortValue.Missing
                : source!.IsTime ? new SortValue(SortValueKind.Time, sum.Extreme.Nearest)
                : new SortValue(sum.Extreme))
            : new GroupFigure(sum.Count, sum.Sum, SortValue.Missing);

    private void Measure(int measure, int row, ref GroupSum sum)
    {
        var kind = _measures[measure].Kind;
        if (_measured[measure] is not { } source)
        {
            sum.Count++;
            return;
        }

        var cell = source[row];
        if (kind == MeasureKind.Count)
        {
            sum.Count += cell == Cell.None ? 0 : 1;
        }
        else if (Cell.IsMany(cell))
        {
            foreach (var value in _severals.Values(cell))
            {
                _turn.Spend(sizeof(ulong));
                Add(kind, source, value, ref sum);
            }
        }
        else
        {
            Add(kind, source, cell, ref sum);
        }
    }

    private static void Add(MeasureKind kind, PathSource source, ulong cell, ref GroupSum sum)
    {
        // A number beyond a double would make the sum, the mean and the greatest of all twins infinite.
        if (source.NumberOf(cell) is not { IsFinite: true } number || (source.IsTime && kind is (MeasureKind.Sum or MeasureKind.Avg)))
        {
            return;
        }

        if (kind is MeasureKind.Sum or MeasureKind.Avg)
        {
            sum.Sum += number.Nearest;
        }
        else if (sum.Count == 0 || (kind == MeasureKind.Min ? number < sum.Extreme : number > sum.Extreme))
        {
            sum.Extreme = number;
        }

        sum.Count++;
    }

    // The group of the row's cells, which is made if need be.
    private int Find()
    {
        var width = _by.Length;
        var mask = _slots.Length - 1;
        var slot = Hash(_row) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            var group = _slots[slot] - 1;
            if (_cells.AsSpan(group * width, width).SequenceEqual(_row))
            {
                return group;
            }
        }

        _slots[slot] = ++_count;
        if (_count * _measures.Length > _sums.Length || _count * width > _cells.Length)
        {
            Array.Resize(ref _sums, _count * 2 * _measures.Length);
            Array.Resize(ref _cells, _count * 2 * width);
        }

        _row.CopyTo(_cells, (_count - 1) * width);
        for (var i = 0; i < width; i++)
        {
            _keyBytes += Cell.IsText(_row[i]) ? _by[i].TextOf(_by[i].KeyOf(_row[i])).Length : 0;
        }

        if (_count * 2 > _slots.Length)
        {
            Rehash();
        }

        return _count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        for (var group = 0; group < _count; group++)
        {
            var slot = Hash(_cells.AsSpan(group * _by.Length, _by.Length)) & (_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = group + 1;
        }
    }

    // HashCode is seeded per process: a device can not choose values that collide.
    private static int Hash(ReadOnlySpan<ulong> cells)
    {
        var hash = 0;
        foreach (var cell in cells)
        {
            hash = HashCode.Combine(hash, cell);
        }

        return hash;
    }
}
