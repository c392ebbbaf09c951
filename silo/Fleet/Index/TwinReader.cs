using System.Text.Json;
using Twins.Contracts.Json;
using Twins.Contracts.Query;

namespace Twins.Silo.Fleet.Index;

/// <summary>
/// Reads a twin into the cells that a table has of it. Columns and texts that are new are added to the table's; the rest of the table
/// stays as it is, also where a document turns out not to be JSON.
/// </summary>
internal sealed partial class TwinReader(Columns columns, Texts texts)
{
    private RowEntry[] _entries = new RowEntry[64];
    private int _count;
    private readonly List<RowExtra> _extras = [];
    private ulong[] _list = new ulong[16];
    private byte[] _text = new byte[256];
    private long _read;
    private int _row;

    /// <summary>What the twin read last has, each column once.</summary>
    public ReadOnlySpan<RowEntry> Entries => _entries.AsSpan(0, _count);

    /// <summary>Whether the twin read last has something in a column.</summary>
    public bool Has(Column column) => column.Met == _read;

    /// <summary>Reads a twin.</summary>
    /// <param name="twin">The twin.</param>
    /// <param name="row">Where the table has it already; -1 for a new one.</param>
    public void Read(IndexedTwin twin, int row)
    {
        (_row, _count) = (row, 0);
        _read++;
        _extras.Clear();
        Add(columns.Revision, Cell.Number(twin.Revision));
        Add(columns.Model, twin.Model);
        Add(columns.CreatedAt, Cell.Number(twin.CreatedAt));
        Add(columns.ModifiedAt, Cell.Number(twin.ModifiedAt));
        Add(columns.Connection, Cell.Object);
        Add(columns.Status, TextCell(columns.Status, twin.Online ? "online"u8 : "offline"u8));
        AddTime(columns.Since, twin.Since);
        AddTime(columns.LastSeen, twin.LastSeen);
        Add(columns.Link, twin.Link);
        Add(columns.Dialect, twin.Dialect);
        Add(columns.Stale, Cell.Number(twin.Stale));
        using var tags = JsonTape.Parse(twin.Tags);
        using var desired = JsonTape.Parse(twin.Desired);
        using var reported = JsonTape.Parse(twin.Reported);
        ReadSection(columns.Tags, tags, []);
        ReadSection(columns.Desired, desired, twin.DesiredStamps);
        ReadSection(columns.Reported, reported, twin.ReportedStamps);
        if (desired.IsObject(0) && desired.Children(0) > 0)
        {
            ReadDelta(desired, reported);
        }
    }

    private void ReadSection(Column column, in JsonTape section, byte[] stamps)
    {
        Add(column, section.IsObject(0) && section.Children(0) > 0 ? Cell.Object : Cell.EmptyObject);
        if (!section.IsObject(0) || section.Children(0) == 0)
        {
            return;
        }

        if (stamps.Length <= JsonText.EmptyObject.Length)
        {
            ReadMembers(section, 0, column, default, -1);
            return;
        }

        using var known = JsonTape.Parse(stamps);
        ReadMembers(section, 0, column, known, 0);
    }

    private void ReadDelta(in JsonTape desired, in JsonTape reported)
    {
        var output = new JsonOutput(desired.Text.Length);
        try
        {
            JsonDelta.Compute(desired, reported, ref output);
            if (output.Length > JsonText.EmptyObject.Length)
            {
                using var delta = JsonTape.Parse(output.Written);
                ReadSection(columns.Delta, delta, []);
            }
        }
        finally
        {
            output.Dispose();
        }
    }

    // Says whether metadata has anything of the members: it has what Stamps.WriteMetadata would write.
    private bool ReadMembers(in JsonTape document, int parent, Column column, in JsonTape stamps, int node)
    {
        var hasMetadata = false;
        Column? before = null;
        var finder = stamps.Members(node);
        try
        {
            for (var member = parent + 1; member < document.Next(parent); member = document.Next(member))
            {
                if (document.Kind(member) == JsonTokenType.Null)
                {
                    continue;
                }

                var child = columns.Child(column, before, document.Name(member)[1..^1]);
                before = child;
                var row = finder.Find(document.Name(member));
                if (document.IsObject(member))
                {
                    hasMetadata |= ReadObject(document, member, child, stamps, row);
                    continue;
                }

                ReadValue(document, member, child);
                if (stamps.Kind(row) == JsonTokenType.Number)
                {
                    // The stamp of something that only arrived is the time by itself.
                    Add(columns.AtOf(child), Cell.Number(QueryNumber.Parse(stamps.Value(row)).Nearest));
                    hasMetadata = true;
                }
                else if (row >= 0 && StampNode.Read(stamps, row) is { IsObject: false } stamp)
                {
                    Add(columns.AtOf(child), stamp.Own is { } own ? Cell.Number(own.Shown.ToUnixTimeMilliseconds()) : Cell.EmptyObject);
                    hasMetadata = true;
                }
            }
        }
        finally
        {
            finder.Dispose();
        }

        return hasMetadata;
    }

    private bool ReadObject(in JsonTape document, int row, Column column, in JsonTape stamps, int node)
    {
        Add(column, document.Children(row) == 0 ? Cell.EmptyObject : Cell.Object);
        var members = node < 0 ? -1 : stamps.IsObject(node) ? node : StampNode.Read(stamps, node).Children;
        var isMirrored = ReadMembers(document, row, column, stamps, members);
        if (members >= 0)
        {
            Add(columns.AtOf(column), isMirrored ? Cell.Object : Cell.EmptyObject);
        }

        return members >= 0;
    }

    private void ReadValue(in JsonTape document, int row, Column column)
    {
        if (document.Kind(row) != JsonTokenType.StartArray)
        {
            Add(column, Scalar(document, row, column));
            return;
        }

        Add(column, document.Children(row) == 0 ? Cell.EmptyArray : Cell.Array);
        ReadElements(document, row, column);
    }

    private void ReadElements(in JsonTape document, int array, Column column)
    {
        for (var element = array + 1; element < document.Next(array); element = document.Next(element))
        {
            switch (document.Kind(element))
            {
                case JsonTokenType.Null:
                    break;

                case JsonTokenType.StartArray:
                    ReadElements(document, element, column);
                    break;

                case JsonTokenType.StartObject:
                    ReadMembers(document, element, column, default, -1);
                    break;

                default:
                    AddExtra(column, Scalar(document, element, column), isElement: true);
                    break;
            }
        }
    }
}
