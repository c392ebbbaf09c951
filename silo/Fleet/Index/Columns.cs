using Twins.Contracts.Json;

namespace Twins.Silo.Fleet.Index;

/// <summary>The columns of a table, by their paths.</summary>
internal sealed class Columns
{
    // Who writes ever new names leaves columns behind that nobody has a cell in: so many more than are in use may stay.
    private const int MostUnused = 256;

    private readonly Column _document = new(0, null, []);
    private readonly HashSet<Column> _fixed;
    private Column?[] _slots = new Column?[64];
    private int _count;
    private int _made;
    private int _emptied;

    public Columns()
    {
        Column Member(string name) => Child(_document, null, System.Text.Encoding.UTF8.GetBytes(name));
        Column Of(string name) => Child(Connection!, null, System.Text.Encoding.UTF8.GetBytes(name));

        (Revision, Model, CreatedAt, ModifiedAt) = (Member("revision"), Member("model"), Member("createdAt"), Member("modifiedAt"));
        (Tags, Desired, Reported, Delta) = (Member("tags"), Member("desired"), Member("reported"), Member("delta"));
        Connection = Member("connection");
        (Status, Since, LastSeen) = (Of("status"), Of("since"), Of("lastSeen"));
        (Link, Dialect, Stale) = (Of("link"), Of("dialect"), Of("stale"));
        _fixed = [Revision, Model, CreatedAt, ModifiedAt, Tags, Desired, Reported, Delta, Connection, Status, Since, LastSeen, Link, Dialect, Stale];
    }

    public Column Revision { get; }

    public Column Model { get; }

    public Column CreatedAt { get; }

    public Column ModifiedAt { get; }

    public Column Tags { get; }

    public Column Desired { get; }

    public Column Reported { get; }

    public Column Delta { get; }

    public Column Connection { get; }

    public Column Status { get; }

    public Column Since { get; }

    public Column LastSeen { get; }

    public Column Link { get; }

    public Column Dialect { get; }

    public Column Stale { get; }

    /// <summary>All columns, those of times included.</summary>
    public IEnumerable<Column> All
    {
        get
        {
            foreach (var column in _slots)
            {
                if (column is not null)
                {
                    yield return column;
                    if (column.At is not null)
                    {
                        yield return column.At;
                    }
                }
            }
        }
    }

    /// <summary>Memory it holds without the cells, in bytes, about.</summary>
    public long Bytes => (_slots.Length * 8L) + (_count * 200L);

    /// <summary>The column of a member, which is made if need be.</summary>
    /// <param name="parent">Of which column it is a member.</param>
    /// <param name="before">The member in front of it; null for the first.</param>
    /// <param name="name">Its name, as it stands in canonical JSON, without quotes.</param>
    public Column Child(Column parent, Column? before, ReadOnlySpan<byte> name)
    {
        var likely = before is null ? parent.LikelyFirst : before.LikelyNext;
        if (likely is not null && ReferenceEquals(likely.Parent, parent) && name.SequenceEqual(likely.Name))
        {
            return likely;
        }

        var column = Find(parent, name) ?? Add(parent, name);
        if (before is null)
        {
            parent.LikelyFirst = column;
        }
        else
        {
            before.LikelyNext = column;
        }

        return column;
    }

    /// <summary>The column of what metadata has of another.</summary>
    public Column AtOf(Column column) => column.At ??= new Column(++_made, column, []);

    /// <summary>The column of a path; null where no twin has anything.</summary>
    public Column? Find(IEnumerable<string> names)
    {
        var column = _document;
        foreach (var name in names)
        {
            var output = new JsonOutput(0);
            try
            {
                output.WriteString(name);
                column = Find(column, output.Written[1..^1]);
            }
            finally
            {
                output.Dispose();
            }

            if (column is null)
            {
                break;
            }
        }

        return column;
    }

    /// <summary>Notes that the last cell has gone from a column.</summary>
    public void NoteEmptied() => _emptied++;

    /// <summary>Forgets columns without cells, if many have lost their last since it was done last.</summary>
    public void ForgetUnused()
    {
        if (_emptied < MostUnused + (_count / 2))
        {
            return;
        }

        // Children first: their numbers are greater.
        _emptied = 0;
        var kept = new HashSet<Column>();
        var all = _slots.OfType<Column>().ToArray();
        foreach (var column in all.OrderByDescending(static column => column.Number))
        {
            (column.LikelyFirst, column.LikelyNext) = (null, null);
            column.At = column.At is { Cells.Count: > 0 } ? column.At : null;
            column.Children.RemoveAll(child => !kept.Contains(child));
            if (column.Cells.Count > 0 || column.At is not null || column.Children.Count > 0 || _fixed.Contains(column))
            {
                kept.Add(column);
            }
        }

        _count = 0;
        _slots = new Column?[64];
        foreach (var column in kept)
        {
            Insert(column);
        }
    }

    private Column? Find(Column parent, ReadOnlySpan<byte> name)
    {
        for (var slot = Hash(parent, name) & (_slots.Length - 1); _slots[slot] is { } column; slot = (slot + 1) & (_slots.Length - 1))
        {
            if (ReferenceEquals(column.Parent, parent) && name.SequenceEqual(column.Name))
            {
                return column;
            }
        }

        return null;
    }

    private Column Add(Column parent, ReadOnlySpan<byte> name)
    {
        var column = new Column(++_made, parent, name.ToArray());
        parent.Children.Add(column);
        Insert(column);
        return column;
    }

    private void Insert(Column column)
    {
        if (++_count * 2 > _slots.Length)
        {
            var old = _slots;
            _slots = new Column?[old.Length * 2];
            foreach (var one in old)
            {
                if (one is not null)
                {
                    _slots[FreeSlot(one)] = one;
                }
            }
        }

        _slots[FreeSlot(column)] = column;
    }

    private int FreeSlot(Column column)
    {
        var slot = Hash(column.Parent!, column.Name) & (_slots.Length - 1);
        while (_slots[slot] is not null)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    // HashCode is seeded per process: a sender can not choose names that collide.
    private static int Hash(Column parent, ReadOnlySpan<byte> name)
    {
        var hash = default(HashCode);
        hash.Add(parent.Number);
        hash.AddBytes(name);
        return hash.ToHashCode();
    }
}
