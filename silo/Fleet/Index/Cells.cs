namespace Twins.Silo.Fleet.Index;

/// <summary>
/// The cells of one column: a sorted list while they are few and far between, else pages of 256 rows. A property that every thousandth twin
/// has then takes some twenty bytes of it, and one that all have four or eight.
/// </summary>
internal sealed class Cells
{
    // Moving half of so many up for a new one takes about as long as looking it up; much beyond that a page has several of them.
    private const int MostListed = 1024;
    private const int FewestPaged = 256;

    // A page is looked up at once, a list is searched: where one row of sixteen has a cell, a list would not even be smaller.
    private const int FewestDense = 32;
    private const int Dense = 16;

    private int[] _rows = [];
    private ulong[] _cells = [];
    private CellPage?[]? _pages;
    private int _severals;

    public int Count { get; private set; }

    /// <summary>Memory it holds, in bytes.</summary>
    public long Bytes => 120 + (_rows.Length * 12L)
        + (_pages is null ? 0 : (_pages.Length * 8L) + _pages.Sum(static page => page?.Bytes ?? 0));

    public ulong this[int row]
    {
        get
        {
            if (_pages is null)
            {
                var at = Array.BinarySearch(_rows, 0, Count, row);
                return at < 0 ? Cell.None : _cells[at];
            }

            var number = row >> CellPage.RowBits;
            return number < _pages.Length && _pages[number] is { } page ? page[row & (CellPage.Rows - 1)] : Cell.None;
        }
    }

    /// <summary>Puts a cell, or takes out what is there for <see cref="Cell.None"/>.</summary>
    /// <param name="row">The row.</param>
    /// <param name="known">The cell it has.</param>
    /// <param name="cell">The cell it shall have: another.</param>
    public void Set(int row, ulong known, ulong cell)
    {
        _severals += (Cell.IsMany(cell) ? 1 : 0) - (Cell.IsMany(known) ? 1 : 0);
        Count += (known == Cell.None ? 1 : 0) - (cell == Cell.None ? 1 : 0);
        if (_pages is null)
        {
            SetListed(row, known, cell);
            if (Count > MostListed || (Count > FewestDense && Count * Dense > _rows[Count - 1]))
            {
                ToPages();
            }

            return;
        }

        SetPaged(row, cell);
        if (Count < FewestPaged && Count * Dense * 4 < _pages!.Length * CellPage.Rows)
        {
            ToList();
        }
    }

    /// <summary>Which of some rows have a cell at all.</summary>
    public void Present(ReadOnlySpan<ulong> among, Span<ulong> result) => Select(null, among, result);

    /// <summary>For which of some rows a test holds.</summary>
    /// <param name="test">Null for whether there is a cell.</param>
    /// <param name="among">The rows.</param>
    /// <param name="result">As many words, for other rows than that 0.</param>
    public void Select(CellTest? test, ReadOnlySpan<ulong> among, Span<ulong> result)
    {
        result.Clear();
        if (_pages is null)
        {
            for (var at = 0; at < Count; at++)
            {
                var row = _rows[at];
                if ((among[row >> 6] & (1UL << row)) != 0 && (test is null || test.Holds(_cells[at])))
                {
                    result[row >> 6] |= 1UL << row;
                }
            }

            return;
        }

        for (var number = 0; number < _pages.Length; number++)
        {
            var first = number * CellPage.Words;
            if (_pages[number] is { } page && among.Slice(first, CellPage.Words).ContainsAnyExcept(0UL))
            {
                if (test is null)
                {
                    page.Present(among.Slice(first, CellPage.Words), result.Slice(first, CellPage.Words));
                }
                else
                {
                    page.Select(
                        test, _severals > 0 || !test.IsFast, among.Slice(first, CellPage.Words), result.Slice(first, CellPage.Words));
                }
            }
        }
    }

    /// <summary>Marks the codes of texts.</summary>
    public void MarkTexts(ulong[] marks)
    {
        for (var at = 0; at < Count && _pages is null; at++)
        {
            if (Cell.HasCode(_cells[at]))
            {
                marks[Cell.CodeOf(_cells[at]) >> 6] |= 1UL << Cell.CodeOf(_cells[at]);
            }
        }

        foreach (var page in _pages ?? [])
        {
            page?.MarkTexts(marks);
        }
    }

    private void SetListed(int row, ulong known, ulong cell)
    {
        // Here the count is already what it will be.
        var before = Count - (known == Cell.None ? 1 : 0) + (cell == Cell.None ? 1 : 0);
        var at = before > 0 && row > _rows[before - 1] ? ~before : Array.BinarySearch(_rows, 0, before, row);
        if (cell == Cell.None)
        {
            Array.Copy(_rows, at + 1, _rows, at, before - at - 1);
            Array.Copy(_cells, at + 1, _cells, at, before - at - 1);
            if (Count * 3 < _rows.Length)
            {
                Array.Resize(ref _rows, Count);
                Array.Resize(ref _cells, Count);
            }

            return;
        }

        if (at < 0)
        {
            at = ~at;
            if (before == _rows.Length)
            {
                Array.Resize(ref _rows, Math.Max(2, before + (before / 2)));
                Array.Resize(ref _cells, _rows.Length);
            }

            Array.Copy(_rows, at, _rows, at + 1, before - at);
            Array.Copy(_cells, at, _cells, at + 1, before - at);
        }

        _rows[at] = row;
        _cells[at] = cell;
    }

    private void SetPaged(int row, ulong cell)
    {
        var number = row >> CellPage.RowBits;
        if (number >= _pages!.Length)
        {
            Array.Resize(ref _pages, Math.Max(number + 1, _pages.Length + (_pages.Length / 4)));
        }

        var page = _pages[number] ??= new CellPage();
        if (cell != Cell.None)
        {
            page.Set(row & (CellPage.Rows - 1), cell);
            return;
        }

        page.Clear(row & (CellPage.Rows - 1));
        if (page.Count == 0)
        {
            _pages[number] = null;
        }
    }

    private void ToPages()
    {
        _pages = new CellPage?[(_rows[Count - 1] / CellPage.Rows) + 1];
        for (var at = 0; at < Count; at++)
        {
            SetPaged(_rows[at], _cells[at]);
        }

        _rows = [];
        _cells = [];
    }

    private void ToList()
    {
        var pages = _pages!;
        _pages = null;
        _rows = new int[Count];
        _cells = new ulong[Count];
        var at = 0;
        for (var number = 0; number < pages.Length; number++)
        {
            if (pages[number] is { } page)
            {
                page.CopyTo(_rows.AsSpan(at), _cells.AsSpan(at));
                foreach (ref var row in _rows.AsSpan(at, page.Count))
                {
                    row += number * CellPage.Rows;
                }

                at += page.Count;
            }
        }
    }
}
