using System.Text;
using Twins.Contracts.Twins;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// The twins of one partition of the fleet index. Many may read at once, or one write: whoever holds it sees to that.
/// </summary>
/// <remarks>
/// What twins have is kept by columns: one for every path that any of them has something at (<see cref="Columns"/>), with a cell for each
/// that has (<see cref="Cells"/>). A condition looks at its own column and at nothing else. Why, and what it costs, is in
/// docs/decisions/0013-fleet-index.md.
/// </remarks>
internal sealed partial class FleetTable
{
    // Below so many texts, in so many bytes, there is little to win.
    private const int FewTexts = 4096;
    private const long FewBytes = 1 << 20;

    private readonly Texts _ids = new();
    private readonly Texts _texts = new();
    private readonly ManyCells _severals = new();
    private readonly Columns _columns = new();
    private readonly Shapes _shapes = new();
    private readonly Graves _graves = new();
    private readonly TimeProvider _time;
    private readonly TwinReader _reader;
    private readonly byte[] _id = new byte[Encoding.UTF8.GetMaxByteCount(TwinId.MaxLength)];

    // By row: which rows are twins, and what they have.
    private ulong[] _rows = [];
    private Shape?[] _shapeOf = [];
    private int _textsToSweep = FewTexts;
    private long _bytesToSweep = FewBytes;

    public FleetTable(TimeProvider time) => (_time, _reader) = (time, new TwinReader(_columns, _texts));

    /// <summary>Twins in it.</summary>
    public int Count => _ids.Count;

    /// <summary>Memory it holds, in bytes, about.</summary>
    public long Bytes => _ids.Bytes + _texts.Bytes + _severals.Bytes + _columns.Bytes + _shapes.Bytes + _graves.Bytes
        + ((_rows.Length + _shapeOf.Length) * 8L) + _columns.All.Sum(static column => column.Cells.Bytes);

    /// <summary>
    /// Takes a twin as it is now, or that it is gone, unless a later revision of it is known. The same revision may come again with
    /// a later <see cref="IndexedTwin.LastSeen"/>.
    /// </summary>
    /// <returns>False if a later one is known.</returns>
    public bool Put(IndexedTwin twin)
    {
        var id = _id.AsSpan(0, Encoding.UTF8.GetBytes(twin.Id, _id));
        var row = _ids.Find(id);
        var known = RevisionOf(id, row);
        if (twin.Revision < known)
        {
            return false;
        }

        if (!twin.Exists)
        {
            if (row >= 0)
            {
                Remove(row);
            }

            _graves.Add(id, twin.Revision);
            return true;
        }

        if (row >= 0 && twin.Revision == known && twin.LastSeen < LastSeenOf(row))
        {
            return false;
        }

        _reader.Read(twin, row);
        Write(row >= 0 ? row : Add(id));
        if (_texts.Count >= _textsToSweep || _texts.Bytes >= _bytesToSweep)
        {
            Sweep();
        }

        return true;
    }

    /// <summary>The revision that is known of a twin, deleted ones included (while their number is bounded); 0 for none.</summary>
    public long RevisionOf(string id)
    {
        var bytes = Encoding.UTF8.GetBytes(id);
        return RevisionOf(bytes, _ids.Find(bytes));
    }

    /// <summary>The ids of all twins in it, in no order.</summary>
    public IEnumerable<string> Ids()
    {
        for (var row = 0; row < _ids.Codes; row++)
        {
            if (_ids.Has(row))
            {
                yield return Encoding.UTF8.GetString(_ids[row]);
            }
        }
    }

    private long RevisionOf(ReadOnlySpan<byte> id, int row) =>
        row < 0 ? _graves.RevisionOf(id) : (long)Cell.NumberOf(_columns.Revision.Cells[row]);

    private long LastSeenOf(int row) =>
        _columns.LastSeen.Cells[row] is var cell && Cell.IsNumber(cell) ? (long)Cell.NumberOf(cell) : 0;

    private int Add(ReadOnlySpan<byte> id)
    {
        var row = _ids.Add(id);
        if (row >= _shapeOf.Length)
        {
            // Whole pages: what is asked of all rows goes by pages.
            var pages = (row / CellPage.Rows) + 1;
            pages += pages / 8;
            Array.Resize(ref _shapeOf, pages * CellPage.Rows);
            Array.Resize(ref _rows, pages * CellPage.Words);
        }

        _rows[row >> 6] |= 1UL << row;
        return row;
    }

    private void Remove(int row)
    {
        foreach (var column in _shapeOf[row]!.Columns)
        {
            Clear(column, row);
        }

        _shapes.Leave(_shapeOf[row]!);
        _shapeOf[row] = null;
        _rows[row >> 6] &= ~(1UL << row);
        _ids.Remove(row);
        _columns.ForgetUnused();
    }

    private void Write(int row)
    {
        var entries = _reader.Entries;
        var shape = _shapeOf[row];
        var isSame = shape is not null && shape.Columns.Length == entries.Length;
        foreach (var column in shape?.Columns ?? [])
        {
            if (!_reader.Has(column))
            {
                isSame = false;
                Clear(column, row);
            }
        }

        foreach (ref readonly var entry in entries)
        {
            Write(entry, row);
        }

        if (!isSame)
        {
            _shapeOf[row] = _shapes.Take(entries);
            if (shape is not null)
            {
                _shapes.Leave(shape);
            }

            _columns.ForgetUnused();
        }
    }

    private void Write(in RowEntry entry, int row)
    {
        var cells = entry.Column.Cells;
        var known = cells[row];
        var list = _reader.Several(entry);
        if (list.IsEmpty ? known == entry.Cell : Cell.IsMany(known) && _severals.Equals(known, list))
        {
            return;
        }

        if (Cell.IsMany(known))
        {
            _severals.Remove(known);
        }

        cells.Set(row, known, list.IsEmpty ? entry.Cell : _severals.Add(list));
    }

    private void Clear(Column column, int row)
    {
        var known = column.Cells[row];
        if (Cell.IsMany(known))
        {
            _severals.Remove(known);
        }

        column.Cells.Set(row, known, Cell.None);
        if (column.Cells.Count == 0)
        {
            _columns.NoteEmptied();
        }
    }

    // Texts that no twin has any more (serial numbers, free text, what a display says) must not stay for ever. Looking for them costs
    // as much as looking at all cells, which is why there have to be as many new ones before, or as many bytes of them, as were left.
    private void Sweep()
    {
        var marks = new ulong[(_texts.Codes / 64) + 1];
        foreach (var column in _columns.All)
        {
            column.Cells.MarkTexts(marks);
        }

        foreach (var list in _severals.Lists)
        {
            foreach (var cell in list)
            {
                if (Cell.HasCode(cell))
                {
                    marks[Cell.CodeOf(cell) >> 6] |= 1UL << Cell.CodeOf(cell);
                }
            }
        }

        for (var code = 0; code < _texts.Codes; code++)
        {
            if (_texts.Has(code) && (marks[code >> 6] & (1UL << code)) == 0)
            {
                _texts.Remove(code);
            }
        }

        _textsToSweep = Math.Max(FewTexts, _texts.Count * 2);
        _bytesToSweep = Math.Max(FewBytes, _texts.Bytes * 2);
    }
}
