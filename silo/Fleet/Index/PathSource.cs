using System.Text;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>Where a table has what is at a path.</summary>
internal sealed class PathSource
{
    private readonly Texts _texts;
    private readonly Column? _mirror;

    /// <summary>Finds a path in a table.</summary>
    /// <param name="path">The path.</param>
    /// <param name="columns">The table's columns.</param>
    /// <param name="ids">Its ids, by row.</param>
    /// <param name="texts">Its texts.</param>
    public PathSource(QueryPath path, Columns columns, Texts ids, Texts texts)
    {
        IsTime = path.IsTime;
        IsId = path.Names is ["id"];
        _texts = IsId ? ids : texts;
        if (path.Names[0] == "metadata")
        {
            // metadata/reported/x/at is when reported/x was written, or, where x is an object that has a property "at", what there is of
            // that: an object.
            Column = IsTime ? columns.Find(path.Names.Skip(1).SkipLast(1))?.At : null;
            _mirror = columns.Find(path.Names.Skip(1))?.At;
        }
        else if (!IsId)
        {
            Column = columns.Find(path.Names);
        }
    }

    /// <summary>The path is that of the twin's id, which has no column.</summary>
    public bool IsId { get; }

    /// <summary>Numbers in the column are times in Unix milliseconds.</summary>
    public bool IsTime { get; }

    /// <summary>The column with what is there; null where no twin has anything, and for the id.</summary>
    public Column? Column { get; }

    /// <summary>What a row has there; of the id, a text whose code is the row.</summary>
    public ulong this[int row]
    {
        get
        {
            if (IsId)
            {
                return Cell.Text(row);
            }

            var cell = Column is null ? Cell.None : Column.Cells[row];
            return _mirror is null ? WithoutObject(cell) : Mirrored(WithoutObject(cell), row);
        }
    }

    /// <summary>Which of some rows have something there.</summary>
    /// <param name="severals">The table's.</param>
    /// <param name="among">The rows.</param>
    /// <param name="result">As many words.</param>
    public void Present(ManyCells severals, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        if (IsId)
        {
            among.CopyTo(result);
            return;
        }

        Select(IsMetadata ? new TimeTest(severals) : null, null, among, result);
    }

    /// <summary>Which of some rows have something there that is not empty.</summary>
    /// <param name="severals">The table's.</param>
    /// <param name="among">The rows.</param>
    /// <param name="result">As many words.</param>
    public void Filled(ManyCells severals, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        if (IsId)
        {
            among.CopyTo(result);
            return;
        }

        var code = _texts.Find([]);
        var filled = new FilledTest(severals, code < 0 ? Cell.None : Cell.Text(code));
        Select(IsMetadata ? new TimeTest(severals) : filled, filled, among, result);
    }

    /// <summary>What a row has there, as it is sorted by.</summary>
    public RowKey KeyOf(int row) => KeyOf(this[row]);

    /// <summary>A cell as it is sorted by.</summary>
    public RowKey KeyOf(ulong cell) =>
        Cell.IsNumber(cell) ? new RowKey(IsTime ? SortValueKind.Time : SortValueKind.Number, Cell.NumberOf(cell))
        : Cell.IsInteger(cell) ? KeyOf(_texts.NumberOf(cell))
        : Cell.IsText(cell) ? new RowKey(SortValueKind.Text, Code: Cell.CodeOf(cell))
        : new RowKey(cell switch
        {
            Cell.None => SortValueKind.Missing,
            Cell.False => SortValueKind.False,
            Cell.True => SortValueKind.True,
            _ => SortValueKind.Other,
        });

    /// <summary>The number of a cell; null for what is none. Times are numbers, too.</summary>
    public QueryNumber? NumberOf(ulong cell) => Cell.IsNumber(cell) || Cell.IsInteger(cell) ? _texts.NumberOf(cell) : null;

    /// <summary>The text of a key.</summary>
    public ReadOnlySpan<byte> TextOf(in RowKey key) => _texts[key.Code];

    /// <summary>Makes the value of a key.</summary>
    public SortValue ToValue(in RowKey key) =>
        new(key.Kind, key.Number, key.Kind == SortValueKind.Text ? Encoding.UTF8.GetString(TextOf(key)) : null, key.Remainder);

    /// <summary>Makes the value of a key with as much of a text as it is sorted by.</summary>
    public SortValue ToSorted(in RowKey key) =>
        key.Kind == SortValueKind.Text ? new(key.Kind, Text: Encoding.UTF8.GetString(TextOrder.Sorted(TextOf(key)))) : ToValue(key);

    private static RowKey KeyOf(QueryNumber number) => new(SortValueKind.Number, number.Nearest, Remainder: number.Remainder);

    private bool IsMetadata => IsTime && Column is { Name: [] };

    private ulong WithoutObject(ulong cell) => IsTime && !Cell.IsNumber(cell) ? Cell.None : cell;

    private ulong Mirrored(ulong cell, int row) =>
        cell != Cell.None ? cell : _mirror!.Cells[row] switch
        {
            Cell.None => Cell.None,
            Cell.EmptyObject => Cell.EmptyObject,
            _ => Cell.Object,
        };

    private void Select(CellTest? test, CellTest? ofMirror, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        result.Clear();
        Column?.Cells.Select(test, among, result);
        if (_mirror is not null)
        {
            using var more = new RowSet(among.Length);
            _mirror.Cells.Select(ofMirror, among, more.Words);
            RowSet.Add(result, more.Words);
        }
    }
}
