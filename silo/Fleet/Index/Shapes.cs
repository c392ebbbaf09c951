namespace Twins.Silo.Fleet.Index;

/// <summary>The shapes of a table's twins, each once.</summary>
internal sealed class Shapes
{
    private readonly HashSet<Shape> _shapes = new(new ShapeComparer());
    private readonly HashSet<Shape>.AlternateLookup<ReadOnlySpan<Column>> _byColumns;
    private Column[] _sorted = new Column[64];
    private long _columns;

    public Shapes() => _byColumns = _shapes.GetAlternateLookup<ReadOnlySpan<Column>>();

    /// <summary>Memory it holds, in bytes, about.</summary>
    public long Bytes => (_columns * 8) + (_shapes.Count * 90L);

    /// <summary>The shape of one twin more.</summary>
    /// <param name="entries">What it has.</param>
    public Shape Take(ReadOnlySpan<RowEntry> entries)
    {
        if (_sorted.Length < entries.Length)
        {
            _sorted = new Column[entries.Length * 2];
        }

        for (var i = 0; i < entries.Length; i++)
        {
            _sorted[i] = entries[i].Column;
        }

        var columns = _sorted.AsSpan(0, entries.Length);
        columns.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        if (!_byColumns.TryGetValue(columns, out var shape))
        {
            _byColumns.Add(columns);
            _byColumns.TryGetValue(columns, out shape);
            _columns += entries.Length;
        }

        // A column that is not used any more must not be kept here.
        columns.Clear();
        shape!.Twins++;
        return shape;
    }

    /// <summary>A twin does not have the shape any more.</summary>
    public void Leave(Shape shape)
    {
        if (--shape.Twins == 0)
        {
            _shapes.Remove(shape);
            _columns -= shape.Columns.Length;
        }
    }
}
