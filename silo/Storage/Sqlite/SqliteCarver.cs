using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// Finds rows in the pages of a damaged database and its log, without following the tree that leads to them
/// (https://www.sqlite.org/fileformat2.html). A row counts only if it matches its checksum, so what is found is what was once
/// written; of several versions of a row the one with the highest revision wins.
/// </summary>
internal sealed class SqliteCarver
{
    private const int LogHeader = 32;
    private const int FrameHeader = 24;
    private const int DatabaseHeader = 100;
    private const byte TableLeaf = 0x0D;
    private const byte IndexLeaf = 0x0A;

    /// <summary>Null if there is none. It may be larger than an array can be.</summary>
    private readonly SafeFileHandle? _database;
    private readonly byte[] _log;

    /// <summary>The last version of each page in the log: where it begins there.</summary>
    private readonly Dictionary<uint, int> _logged = [];

    private readonly Dictionary<string, StoreRow.Twin> _twins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoreRow> _others = new(StringComparer.Ordinal);
    private StoreTotals? _totals;
    private int _pageSize;

    private SqliteCarver(SafeFileHandle? database, byte[] log)
    {
        _database = database;
        _log = log;
    }

    /// <summary>Gets the twins that were found.</summary>
    public IReadOnlyCollection<StoreRow.Twin> Twins => _twins.Values;

    /// <summary>Gets all rows that were found.</summary>
    public IEnumerable<StoreRow> Rows => _twins.Values.Concat(_others.Values);

    /// <summary>Gets the latest totals that were found; null if none were.</summary>
    public StoreTotals? Totals => _totals;

    /// <summary>Reads what can be read.</summary>
    /// <param name="database">The database; it may be missing.</param>
    /// <param name="log">Its log; it may be missing.</param>
    public static SqliteCarver Read(string database, string log)
    {
        using var pages = File.Exists(database) ? File.OpenHandle(database) : null;
        var frames = File.Exists(log) ? File.ReadAllBytes(log) : [];
        SqliteCarver? best = null;
        foreach (var size in PageSizes(pages, frames))
        {
            var carver = new SqliteCarver(pages, frames) { _pageSize = size };
            carver.Scan();
            if (best is null || carver._twins.Count > best._twins.Count)
            {
                best = carver;
            }
        }

        return best!;
    }

    /// <summary>The page size that the files name, or every one if both headers are damaged.</summary>
    private static int[] PageSizes(SafeFileHandle? database, byte[] log)
    {
        Span<byte> header = stackalloc byte[DatabaseHeader];
        var named = database is not null && RandomAccess.Read(database, header, fileOffset: 0) == DatabaseHeader && header[..15].SequenceEqual("SQLite format 3"u8)
            ? BinaryPrimitives.ReadUInt16BigEndian(header[16..])
            : log.Length >= LogHeader && (BinaryPrimitives.ReadUInt32BigEndian(log) & ~1u) == 0x377F0682 ? BinaryPrimitives.ReadInt32BigEndian(log.AsSpan(8)) : 0;
        named = named == 1 ? 65_536 : named;
        return named is >= 512 and <= 65_536 && int.IsPow2(named) ? [named] : [.. Enumerable.Range(9, 8).Select(bits => 1 << bits)];
    }

    private void Scan()
    {
        for (var at = LogHeader; at + FrameHeader + _pageSize <= _log.Length; at += FrameHeader + _pageSize)
        {
            _logged[BinaryPrimitives.ReadUInt32BigEndian(_log.AsSpan(at))] = at + FrameHeader;
        }

        for (var at = LogHeader; at + FrameHeader + _pageSize <= _log.Length; at += FrameHeader + _pageSize)
        {
            ScanPage(_log.AsSpan(at + FrameHeader, _pageSize), BinaryPrimitives.ReadUInt32BigEndian(_log.AsSpan(at)) == 1);
        }

        var pages = _database is null ? 0 : RandomAccess.GetLength(_database) / _pageSize;
        for (uint number = 1; number <= pages; number++)
        {
            ScanPage(PageOf(number, fromLog: false), number == 1);
        }
    }

    private void ScanPage(ReadOnlySpan<byte> page, bool isFirst)
    {
        var header = isFirst ? DatabaseHeader : 0;
        var kind = page.Length > header ? page[header] : default;
        if (kind is not (TableLeaf or IndexLeaf))
        {
            return;
        }

        var cells = BinaryPrimitives.ReadUInt16BigEndian(page[(header + 3)..]);
        for (var i = 0; i < cells && header + 8 + (2 * i) + 2 <= page.Length; i++)
        {
            var at = BinaryPrimitives.ReadUInt16BigEndian(page[(header + 8 + (2 * i))..]);
            foreach (var fromLog in new[] { true, false })
            {
                if (TryReadPayload(page, at, kind == TableLeaf, fromLog, out var payload) && TryTakeRow(payload, kind == TableLeaf))
                {
                    break;
                }
            }
        }
    }

    /// <summary>Reads the payload of a cell, with the pages that it overflows to.</summary>
    private bool TryReadPayload(ReadOnlySpan<byte> page, int at, bool isTable, bool fromLog, out byte[] payload)
    {
        payload = [];
        var rest = at < page.Length ? page[at..] : default;
        if (!TryReadVarint(ref rest, out var size) || (isTable && !TryReadVarint(ref rest, out _)) || size is <= 0 or > 16 << 20)
        {
            return false;
        }

        // "B-tree Cell Format": how much of a payload is in the cell itself.
        var most = isTable ? _pageSize - 35 : ((_pageSize - 12) * 64 / 255) - 23;
        var least = ((_pageSize - 12) * 32 / 255) - 23;
        var spilled = least + (int)((size - least) % (_pageSize - 4));
        var local = size <= most ? (int)size : spilled <= most ? spilled : least;
        if (rest.Length < local + (local < size ? 4 : 0))
        {
            return false;
        }

        payload = new byte[size];
        rest[..local].CopyTo(payload);
        var next = local < size ? BinaryPrimitives.ReadUInt32BigEndian(rest[local..]) : 0;
        for (var filled = local; filled < size;)
        {
            var overflow = PageOf(next, fromLog);
            if (overflow.IsEmpty)
            {
                return false;
            }

            next = BinaryPrimitives.ReadUInt32BigEndian(overflow);
            var part = Math.Min(_pageSize - 4, (int)size - filled);
            overflow.Slice(4, part).CopyTo(payload.AsSpan(filled));
            filled += part;
        }

        return true;
    }

    /// <summary>Returns a page; an empty one if there is none.</summary>
    private ReadOnlySpan<byte> PageOf(uint number, bool fromLog)
    {
        if (fromLog && _logged.TryGetValue(number, out var at))
        {
            return _log.AsSpan(at, _pageSize);
        }

        if (_database is null || number == 0)
        {
            return default;
        }

        var page = new byte[_pageSize];
        return RandomAccess.Read(_database, page, (number - 1L) * _pageSize) == _pageSize ? page : default;
    }

    private bool TryTakeRow(byte[] payload, bool isTable) => TrySplit(payload, out var columns) && (isTable
        ? columns.Length switch
        {
            2 => TryTakeTotals(columns),
            5 => TryTakeDeadLetter(columns),
            6 => TryTakeSession(columns),
            7 => TryTakeTwin(columns),
            _ => false,
        }
        : columns.Length == 3 && TryTakeSmall(columns));

    private bool TryTakeTwin(Column[] columns)
    {
        var (id, etag, revision, present, sum, data) = (columns[1].Text, columns[2].Text, columns[3].Integer, columns[4].Integer, columns[5].Integer, columns[6].Bytes);
        if (SqliteRows.TwinSum(id, columns[2].Bytes.Span, revision, present != 0, data.Span) != sum)
        {
            return false;
        }

        if (!_twins.TryGetValue(id, out var known) || known.Revision < revision)
        {
            _twins[id] = new StoreRow.Twin(id, etag, revision, present != 0, data);
        }

        return true;
    }

    private bool TryTakeSession(Column[] columns)
    {
        var (id, expires, data) = (columns[1].Text, columns[3].Integer, columns[5].Bytes);
        return SqliteRows.SessionSum(id, columns[2].Bytes.Span, expires, data.Span) == columns[4].Integer
            && TakeOther($"session {id}", new StoreRow.Session(id, columns[2].Text, expires, data), static (known, found) => ((StoreRow.Session)found).Expires > ((StoreRow.Session)known).Expires);
    }

    private bool TryTakeDeadLetter(Column[] columns)
    {
        var (id, twin, data) = (columns[1].Text, columns[2].Text, columns[4].Bytes);
        return SqliteRows.DeadLetterSum(id, twin, data.Span) == columns[3].Integer
            && TakeOther($"letter {id}", new StoreRow.DeadLetter(id, twin, data), static (_, _) => false);
    }

    /// <summary>Members of sets and counters have the same shape; their checksums tell them apart.</summary>
    private bool TryTakeSmall(Column[] columns)
    {
        var (name, member, sum) = (columns[0].Text, columns[1].Text, columns[2].Integer);
        if (RowChecksum.Of(SqliteTable.Sets, SqliteRows.MemberKey(name, member), default, 0, 0, default) == sum)
        {
            return TakeOther($"set {SqliteRows.MemberKey(name, member)}", new StoreRow.Member(name, member), static (_, _) => false);
        }

        return SqliteRows.CounterSum(name, columns[1].Integer) == sum
            && TakeOther($"counter {name}", new StoreRow.Counter(name, columns[1].Integer), static (known, found) => ((StoreRow.Counter)found).Value > ((StoreRow.Counter)known).Value);
    }

    private bool TryTakeTotals(Column[] columns)
    {
        if (StoreTotals.TryParse(columns[1].Bytes.Span, out var totals) && (_totals is not { } known || known.Commits < totals.Commits))
        {
            _totals = totals;
        }

        return true;
    }

    private bool TakeOther(string key, StoreRow row, Func<StoreRow, StoreRow, bool> isNewer)
    {
        if (!_others.TryGetValue(key, out var known) || isNewer(known, row))
        {
            _others[key] = row;
        }

        return true;
    }

    /// <summary>Splits a record into its columns ("Record Format").</summary>
    private static bool TrySplit(byte[] payload, out Column[] columns)
    {
        columns = [];
        ReadOnlySpan<byte> header = payload;
        if (!TryReadVarint(ref header, out var headerSize) || headerSize > payload.Length || headerSize < payload.Length - header.Length)
        {
            return false;
        }

        header = payload.AsSpan(payload.Length - header.Length, (int)headerSize - (payload.Length - header.Length));
        var found = new List<Column>();
        var at = (int)headerSize;
        while (!header.IsEmpty)
        {
            if (!TryReadVarint(ref header, out var type))
            {
                return false;
            }

            var length = type switch { <= 4 => (int)type, 5 => 6, 6 or 7 => 8, 8 or 9 => 0, < 12 => -1, _ => (int)Math.Min(int.MaxValue, (type - 12) / 2) };
            if (type < 0 || length < 0 || length > payload.Length - at || found.Count == 8)
            {
                return false;
            }

            found.Add(new Column(type, payload.AsMemory(at, length)));
            at += length;
        }

        columns = [.. found];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> rest, out long value)
    {
        value = 0;
        for (var i = 0; i < 9 && i < rest.Length; i++)
        {
            var next = rest[i];
            if (i == 8 || next < 0x80)
            {
                value = i == 8 ? (value << 8) | next : (value << 7) | next;
                rest = rest[(i + 1)..];
                return true;
            }

            value = (value << 7) | (next & 0x7FL);
        }

        return false;
    }

    private readonly record struct Column(long Type, ReadOnlyMemory<byte> Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes.Span);

        public long Integer
        {
            get
            {
                if (Type is 8 or 9)
                {
                    return Type - 8;
                }

                long value = Bytes.Length > 0 && Type is > 0 and < 7 ? (sbyte)Bytes.Span[0] : 0;
                for (var i = 1; i < Bytes.Length && Type < 7; i++)
                {
                    value = (value << 8) | Bytes.Span[i];
                }

                return value;
            }
        }
    }
}
