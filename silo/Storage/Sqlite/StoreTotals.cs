using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// The one row that every transaction updates: the number of the commit and the totals of each table. A database that lost a part of
/// its log, its pages or its rows does not agree with it.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct StoreTotals
{
    private const int Tables = 5;

    /// <summary>Commit number, three numbers for each table, checksum.</summary>
    private const int Size = sizeof(long) * (1 + (3 * Tables) + 1);

    private TableArray _tables;

    /// <summary>Gets or sets the number of transactions so far.</summary>
    public long Commits { get; set; }

    public TableTotals this[SqliteTable table]
    {
        readonly get => _tables[(int)table];
        set => _tables[(int)table] = value;
    }

    /// <summary>Reads the row.</summary>
    /// <exception cref="StoreDamagedException">It is missing or damaged.</exception>
    public static StoreTotals Read(SqliteSession session)
    {
        var statement = session.Prepared("SELECT data FROM totals WHERE id = 1");
        if (!statement.Step())
        {
            throw new StoreDamagedException("the row of totals is missing");
        }

        var isValid = TryParse(statement.Bytes(0), out var totals);
        statement.Reset();
        return isValid ? totals : throw new StoreDamagedException("the row of totals does not match its checksum");
    }

    /// <summary>Reads totals; returns false if they do not match their checksum.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out StoreTotals totals)
    {
        totals = default;
        if (data.Length != Size || BinaryPrimitives.ReadUInt64LittleEndian(data[(Size - sizeof(long))..]) != XxHash3.HashToUInt64(data[..(Size - sizeof(long))]))
        {
            return false;
        }

        totals.Commits = BinaryPrimitives.ReadInt64LittleEndian(data);
        for (var i = 0; i < Tables; i++)
        {
            var at = data[(sizeof(long) * (1 + (3 * i)))..];
            totals._tables[i] = new TableTotals(
                BinaryPrimitives.ReadInt64LittleEndian(at), BinaryPrimitives.ReadInt64LittleEndian(at[8..]), BinaryPrimitives.ReadInt64LittleEndian(at[16..]));
        }

        return true;
    }

    /// <summary>Writes the row, within the caller's transaction.</summary>
    public readonly void Write(SqliteSession session)
    {
        Span<byte> data = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64LittleEndian(data, Commits);
        for (var i = 0; i < Tables; i++)
        {
            var at = data[(sizeof(long) * (1 + (3 * i)))..];
            BinaryPrimitives.WriteInt64LittleEndian(at, _tables[i].Rows);
            BinaryPrimitives.WriteInt64LittleEndian(at[8..], _tables[i].Keys);
            BinaryPrimitives.WriteInt64LittleEndian(at[16..], _tables[i].Sums);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(data[(Size - sizeof(long))..], XxHash3.HashToUInt64(data[..(Size - sizeof(long))]));
        session.Prepared("INSERT INTO totals (id, data) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET data = excluded.data").Bind(1, data).Run();
    }

    [InlineArray(Tables)]
    private struct TableArray
    {
        private TableTotals _first;
    }
}
