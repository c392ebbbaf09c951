namespace Twins.Silo.Storage.Sqlite;

/// <summary>Reads all rows of a database.</summary>
internal static class StoreRowReader
{
    /// <summary>Returns all rows but damaged twins, which <paramref name="damaged"/> gets the ids of.</summary>
    public static IEnumerable<StoreRow> ReadAll(SqliteSession session, List<string> damaged)
    {
        using (var rows = new SqliteStatement(session.Database, "SELECT id, etag, revision, present, sum, data FROM twins ORDER BY key"))
        {
            while (rows.Step())
            {
                var row = new StoreRow.Twin(rows.Text(0), rows.Text(1), rows.Integer(2), rows.Integer(3) != 0, rows.Bytes(5).ToArray());
                if (SqliteRows.TwinSum(row.Id, rows.Bytes(1), row.Revision, row.Exists, row.Data.Span) == rows.Integer(4))
                {
                    yield return row;
                }
                else
                {
                    damaged.Add(row.Id);
                }
            }
        }

        using (var rows = new SqliteStatement(session.Database, "SELECT id, etag, expires, data FROM sessions ORDER BY key"))
        {
            while (rows.Step())
            {
                yield return new StoreRow.Session(rows.Text(0), rows.Text(1), rows.Integer(2), rows.Bytes(3).ToArray());
            }
        }

        using (var rows = new SqliteStatement(session.Database, "SELECT id, twin, data FROM dead_letters ORDER BY key"))
        {
            while (rows.Step())
            {
                yield return new StoreRow.DeadLetter(rows.Text(0), rows.Text(1), rows.Bytes(2).ToArray());
            }
        }

        using (var rows = new SqliteStatement(session.Database, "SELECT name, member FROM sets"))
        {
            while (rows.Step())
            {
                yield return new StoreRow.Member(rows.Text(0), rows.Text(1));
            }
        }

        using (var rows = new SqliteStatement(session.Database, "SELECT name, value FROM counters"))
        {
            while (rows.Step())
            {
                yield return new StoreRow.Counter(rows.Text(0), rows.Integer(1));
            }
        }
    }
}
