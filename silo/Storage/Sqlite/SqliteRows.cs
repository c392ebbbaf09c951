using System.Text;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>Changes rows within the writer's transaction, and keeps the totals. Not thread-safe.</summary>
/// <param name="session">The writer's connection.</param>
/// <param name="totals">The totals as they are stored.</param>
internal sealed class SqliteRows(SqliteSession session, StoreTotals totals)
{
    /// <summary>The number of a row within its shard takes so many bits of the key.</summary>
    private const int ShardBits = 40;

    private readonly long[] _lastKeys = new long[TwinShards.Count];

    /// <summary>The totals with the changes of the transaction.</summary>
    private StoreTotals _totals = totals;

    public SqliteSession Session { get; } = session;

    public StoreTotals Totals => _totals;

    /// <summary>Returns the key range of a shard: from the first key to the last, both included.</summary>
    public static (long First, long Last) KeysOf(int shard) => ((long)shard << ShardBits, ((long)(shard + 1) << ShardBits) - 1);

    /// <summary>Returns the checksum of a twin's row.</summary>
    public static long TwinSum(string id, ReadOnlySpan<byte> etag, long revision, bool exists, ReadOnlySpan<byte> data) =>
        RowChecksum.Of(SqliteTable.Twins, id, etag, revision, exists ? 1 : 0, data);

    /// <summary>Returns the checksum of a session's row.</summary>
    public static long SessionSum(string id, ReadOnlySpan<byte> etag, long expires, ReadOnlySpan<byte> data) =>
        RowChecksum.Of(SqliteTable.Sessions, id, etag, expires, 0, data);

    /// <summary>Returns the checksum of a dead letter's row.</summary>
    public static long DeadLetterSum(string id, string twin, ReadOnlySpan<byte> data) =>
        RowChecksum.Of(SqliteTable.DeadLetters, id, Encoding.UTF8.GetBytes(twin), 0, 0, data);

    /// <summary>Returns what a member of a set is called in checksums.</summary>
    public static string MemberKey(string set, string member) => $"{set}\n{member}";

    /// <summary>Begins a transaction.</summary>
    public void Begin()
    {
        Session.Prepared("BEGIN IMMEDIATE").Run();
        _totals.Commits++;
    }

    /// <summary>Makes the transaction durable.</summary>
    public void Commit()
    {
        _totals.Write(Session);
        Session.Prepared("COMMIT").Run();
    }

    /// <summary>Undoes the transaction.</summary>
    /// <param name="before"><see cref="Totals"/> before it began.</param>
    public void Rollback(in StoreTotals before)
    {
        Session.Rollback();
        _totals = before;
    }

    /// <summary>Writes a twin; returns false if the stored ETag is another one.</summary>
    public bool PutTwin(StateWrite write)
    {
        var id = write.Key.Id;
        Span<byte> known = stackalloc byte[write.Known.Length * 3];
        known = known[..Encoding.UTF8.GetBytes(write.Known, known)];
        Span<byte> next = stackalloc byte[write.Next.Length * 3];
        next = next[..Encoding.UTF8.GetBytes(write.Next, next)];

        var found = Session.Prepared("SELECT key, etag, sum FROM twins WHERE id = ?1").Bind(1, id);
        var (exists, key, before) = (found.Step(), 0L, 0L);
        if (exists)
        {
            var same = found.Bytes(1).SequenceEqual(known);
            (key, before) = (found.Integer(0), found.Integer(2));
            found.Reset();
            if (!same)
            {
                return false;
            }
        }
        else if (known.Length > 0)
        {
            return false;
        }

        var sum = TwinSum(id, next, write.Revision, write.Exists, write.Data.Span);
        if (exists)
        {
            Session.Prepared("UPDATE twins SET etag = ?2, revision = ?3, present = ?4, sum = ?5, data = ?6 WHERE key = ?1")
                .Bind(1, key).Bind(2, next).Bind(3, write.Revision).Bind(4, write.Exists ? 1 : 0).Bind(5, sum).Bind(6, write.Data.Span).Run();
            _totals[SqliteTable.Twins] = _totals[SqliteTable.Twins].Replacing(before, sum);
        }
        else
        {
            Session.Prepared("INSERT INTO twins (key, id, etag, revision, present, sum, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
                .Bind(1, NextKey(TwinShards.Of(id))).Bind(2, id).Bind(3, next).Bind(4, write.Revision).Bind(5, write.Exists ? 1 : 0).Bind(6, sum).Bind(7, write.Data.Span).Run();
            Added(SqliteTable.Twins, id, sum);
        }

        return true;
    }

    /// <summary>Writes a session; returns false if the stored ETag is another one.</summary>
    /// <param name="write">The session.</param>
    /// <param name="expires">When the row may go, in Unix milliseconds.</param>
    /// <param name="now">Now, in Unix milliseconds: an expired row is none.</param>
    public bool PutSession(StateWrite write, long expires, long now)
    {
        var id = write.Key.Id;
        var stored = RemoveSession(id, now, write.Known);
        if (stored is null ? write.Known.Length > 0 : !stored.Value)
        {
            return false;
        }

        var etag = Encoding.UTF8.GetBytes(write.Next);
        var sum = SessionSum(id, etag, expires, write.Data.Span);
        Session.Prepared("INSERT INTO sessions (id, etag, expires, sum, data) VALUES (?1, ?2, ?3, ?4, ?5)")
            .Bind(1, id).Bind(2, etag).Bind(3, expires).Bind(4, sum).Bind(5, write.Data.Span).Run();
        Added(SqliteTable.Sessions, id, sum);
        return true;
    }

    /// <summary>Removes a session; returns null if there is none, and false if its ETag is another one.</summary>
    public bool? RemoveSession(string id, long now, string known)
    {
        var found = Session.Prepared("SELECT key, etag, expires, sum FROM sessions WHERE id = ?1").Bind(1, id);
        if (!found.Step())
        {
            return null;
        }

        var (key, etag, expires, sum) = (found.Integer(0), found.Text(1), found.Integer(2), found.Integer(3));
        found.Reset();
        if (expires > now && etag != known)
        {
            return false;
        }

        Session.Prepared("DELETE FROM sessions WHERE key = ?1").Bind(1, key).Run();
        Removed(SqliteTable.Sessions, id, sum);
        return expires > now ? true : null;
    }

    /// <summary>Removes a twin's row for good; returns false if its ETag is another one.</summary>
    public bool RemoveTwin(string id, string known)
    {
        var found = Session.Prepared("SELECT key, etag, sum FROM twins WHERE id = ?1").Bind(1, id);
        if (!found.Step())
        {
            return true;
        }

        var (key, etag, sum) = (found.Integer(0), found.Text(1), found.Integer(2));
        found.Reset();
        if (etag != known)
        {
            return false;
        }

        Session.Prepared("DELETE FROM twins WHERE key = ?1").Bind(1, key).Run();
        Removed(SqliteTable.Twins, id, sum);
        return true;
    }

    /// <summary>Removes sessions that have expired; returns how many.</summary>
    public int SweepSessions(long now, int limit) => RemoveWhere(SqliteTable.Sessions, "sessions", "SELECT key, id, sum FROM sessions WHERE expires <= ?1 LIMIT ?2", now, limit);

    /// <summary>Adds a dead letter and removes the oldest ones beyond the capacities.</summary>
    public void AddDeadLetter(StoredDeadLetter letter, int capacity, int capacityPerTwin)
    {
        var twin = letter.TwinId ?? "";
        var sum = DeadLetterSum(letter.Id, twin, letter.Data.Span);
        Session.Prepared("INSERT INTO dead_letters (id, twin, sum, data) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, letter.Id).Bind(2, twin).Bind(3, sum).Bind(4, letter.Data.Span).Run();
        Added(SqliteTable.DeadLetters, letter.Id, sum);

        var beyond = Session.Prepared("SELECT key FROM dead_letters WHERE twin = ?1 ORDER BY key DESC LIMIT 1 OFFSET ?2").Bind(1, twin).Bind(2, capacityPerTwin);
        if (beyond.Step())
        {
            var last = beyond.Integer(0);
            beyond.Reset();
            RemoveWhere(SqliteTable.DeadLetters, "dead_letters", "SELECT key, id, sum FROM dead_letters WHERE twin = ?3 AND key <= ?1 LIMIT ?2", last, int.MaxValue, twin);
        }

        var excess = _totals[SqliteTable.DeadLetters].Rows - capacity;
        if (excess > 0)
        {
            RemoveWhere(SqliteTable.DeadLetters, "dead_letters", "SELECT key, id, sum FROM dead_letters WHERE key > ?1 ORDER BY key LIMIT ?2", 0, excess);
        }
    }

    /// <summary>Adds a member to a set.</summary>
    public void AddMember(string set, string member)
    {
        var sum = RowChecksum.Of(SqliteTable.Sets, MemberKey(set, member), default, 0, 0, default);
        Session.Prepared("INSERT INTO sets (name, member, sum) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING").Bind(1, set).Bind(2, member).Bind(3, sum).Run();
        if (Session.Integer("SELECT changes()") > 0)
        {
            Added(SqliteTable.Sets, MemberKey(set, member), sum);
        }
    }

    /// <summary>Removes a member of a set.</summary>
    public void RemoveMember(string set, string member)
    {
        var found = Session.Prepared("DELETE FROM sets WHERE name = ?1 AND member = ?2 RETURNING sum").Bind(1, set).Bind(2, member);
        if (found.Step())
        {
            var sum = found.Integer(0);
            found.Run();
            Removed(SqliteTable.Sets, MemberKey(set, member), sum);
        }
    }

    /// <summary>Adds to a counter, or to <paramref name="above"/> if that is higher, and returns the new value; null if the counter does not exist and may not be created.</summary>
    public long? Increment(string name, long by, long above, bool mayCreate)
    {
        var found = Session.Prepared("SELECT value, sum FROM counters WHERE name = ?1").Bind(1, name);
        var exists = found.Step();
        var (value, before) = exists ? (found.Integer(0), found.Integer(1)) : (0, 0);
        found.Reset();
        if (!exists && !mayCreate)
        {
            return null;
        }

        if (exists && before != CounterSum(name, value))
        {
            throw new StoreDamagedException($"counter {name} does not match its checksum");
        }

        if (exists)
        {
            Session.Prepared("DELETE FROM counters WHERE name = ?1").Bind(1, name).Run();
            Removed(SqliteTable.Counters, name, before);
        }

        value = Math.Max(value, above) + by;
        SetCounter(name, value);
        return value;
    }

    /// <summary>Adds a counter that does not exist.</summary>
    public void SetCounter(string name, long value)
    {
        var sum = CounterSum(name, value);
        Session.Prepared("INSERT INTO counters (name, value, sum) VALUES (?1, ?2, ?3)").Bind(1, name).Bind(2, value).Bind(3, sum).Run();
        Added(SqliteTable.Counters, name, sum);
    }

    /// <summary>Returns the checksum of a counter's row.</summary>
    public static long CounterSum(string name, long value) => RowChecksum.Of(SqliteTable.Counters, name, default, value, 0, default);

    private int RemoveWhere(SqliteTable table, string name, string select, long first, long limit, string? third = null)
    {
        var rows = new List<(long Key, string Id, long Sum)>();
        var found = Session.Prepared(select).Bind(1, first).Bind(2, limit);
        if (third is not null)
        {
            found.Bind(3, third);
        }

        while (found.Step())
        {
            rows.Add((found.Integer(0), found.Text(1), found.Integer(2)));
        }

        foreach (var (key, id, sum) in rows)
        {
            Session.Prepared($"DELETE FROM {name} WHERE key = ?1").Bind(1, key).Run();
            Removed(table, id, sum);
        }

        return rows.Count;
    }

    private void Added(SqliteTable table, string id, long sum) => _totals[table] = _totals[table].With(RowChecksum.OfKey(table, id), sum);

    private void Removed(SqliteTable table, string id, long sum) => _totals[table] = _totals[table].Without(RowChecksum.OfKey(table, id), sum);

    /// <summary>Returns a key of the shard that no row has.</summary>
    private long NextKey(int shard)
    {
        if (_lastKeys[shard] == 0)
        {
            var (first, last) = KeysOf(shard);
            var found = Session.Prepared("SELECT max(key) FROM twins WHERE key BETWEEN ?1 AND ?2").Bind(1, first).Bind(2, last);
            _lastKeys[shard] = found.Step() && !found.IsNull(0) ? found.Integer(0) : first;
            found.Reset();
        }

        return ++_lastKeys[shard];
    }
}
