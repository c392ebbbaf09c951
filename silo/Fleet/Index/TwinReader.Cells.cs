using System.Buffers;
using System.Text;
using System.Text.Json;
using Twins.Contracts.Json;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>From what stands in a document to cells.</summary>
internal sealed partial class TwinReader
{
    /// <summary>
    /// The values of an entry that has several, after whether all of them are empty (<see cref="ManyCells"/>); empty for one that has
    /// not.
    /// </summary>
    public ReadOnlySpan<ulong> Several(in RowEntry entry) => entry.Extra < 0 ? [] : SeveralOf(entry);

    private ReadOnlySpan<ulong> SeveralOf(in RowEntry entry)
    {
        var count = 1;
        var isEmpty = IsEmpty(entry.Cell);
        AddScalar(entry.Cell, ref count);
        for (var extra = entry.Extra; extra >= 0; extra = _extras[extra].Next)
        {
            isEmpty &= _extras[extra].IsElement || IsEmpty(_extras[extra].Cell);
            AddScalar(_extras[extra].Cell, ref count);
        }

        _list[0] = isEmpty ? Cell.True : Cell.None;
        return _list.AsSpan(0, count);
    }

    private void AddScalar(ulong cell, ref int count)
    {
        if (!Cell.IsScalar(cell))
        {
            return;
        }

        if (count == _list.Length)
        {
            Array.Resize(ref _list, count * 2);
        }

        _list[count++] = cell;
    }

    private bool IsEmpty(ulong cell) =>
        cell is Cell.EmptyObject or Cell.EmptyArray || (Cell.IsText(cell) && texts[Cell.CodeOf(cell)].IsEmpty);

    private ulong Scalar(in JsonTape document, int row, Column column) => document.Kind(row) switch
    {
        JsonTokenType.True => Cell.True,
        JsonTokenType.False => Cell.False,
        JsonTokenType.Number => texts.CellOf(QueryNumber.Parse(document.Value(row))),
        _ => TextCell(column, Unescape(document.Value(row))),
    };

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> quoted)
    {
        if (quoted.IndexOf((byte)'\\') < 0)
        {
            return quoted[1..^1];
        }

        if (_text.Length < quoted.Length)
        {
            _text = new byte[quoted.Length];
        }

        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return _text.AsSpan(0, reader.CopyString(_text));
    }

    private void Add(Column column, string? text)
    {
        if (text is null)
        {
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Add(column, TextCell(column, bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes))));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private void AddTime(Column column, long unixMilliseconds)
    {
        if (unixMilliseconds != 0)
        {
            Add(column, Cell.Number(unixMilliseconds));
        }
    }

    // Mostly the twin has the same text there as before: then it need not be looked up.
    private ulong TextCell(Column column, ReadOnlySpan<byte> text)
    {
        var known = _row < 0 ? Cell.None : column.Cells[_row];
        return Cell.IsText(known) && text.SequenceEqual(texts[Cell.CodeOf(known)]) ? known : Cell.Text(texts.Add(text));
    }

    private void Add(Column column, ulong cell)
    {
        if (column.Met == _read)
        {
            AddExtra(column, cell, isElement: false);
            return;
        }

        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        column.Met = _read;
        column.Entry = _count;
        ref var entry = ref _entries[_count++];
        (entry.Column, entry.Cell, entry.Extra) = (column, cell, -1);
    }

    private void AddExtra(Column column, ulong cell, bool isElement)
    {
        ref var entry = ref _entries[column.Entry];
        _extras.Add(new RowExtra(cell, isElement, entry.Extra));
        entry.Extra = _extras.Count - 1;
    }
}
