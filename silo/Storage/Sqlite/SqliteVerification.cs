using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// One ordered pass over each table: every row must match its checksum, and all rows together the totals, which are of the same
/// transaction. SQLite's own check of the structure runs beside it. A bit flip or a hole can make rows disappear without any error, so
/// nothing is said to be missing before the pass has ended.
/// </summary>
/// <param name="path">The database.</param>
internal sealed class SqliteVerification(string path)
{
    private const int PageRows = 500;
    private const int PageBytes = 1 << 20;
    private const int CacheKiB = 8 * 1024;

    /// <summary>Gets the ids of twins whose rows do not match their checksums.</summary>
    public List<string> DamagedTwins { get; } = [];

    /// <summary>Gets the number of twins that were read, deleted ones included.</summary>
    public long Twins { get; private set; }

    /// <summary>Gets the number of twins that exist.</summary>
    public long Existing { get; private set; }

    /// <summary>Verifies, and returns the twins page by page.</summary>
    /// <exception cref="StoreDamagedException">The database is damaged.</exception>
    public async IAsyncEnumerable<StoredTwin[]> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pages = Channel.CreateBounded<StoredTwin[]>(new BoundedChannelOptions(2) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var structure = Task.Factory.StartNew(CheckStructure, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var rows = Task.Factory.StartNew(() => Read(pages.Writer, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (var page in pages.Reader.ReadAllAsync(cancellationToken))
            {
                yield return page;
            }

            await rows;
            await structure;
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(rows, structure).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Read(ChannelWriter<StoredTwin[]> pages, CancellationToken stopping)
    {
        try
        {
            using var session = SqliteSchema.OpenReader(path, CacheKiB);
            session.Run("BEGIN");
            var totals = StoreTotals.Read(session);
            CheckTwins(session, totals[SqliteTable.Twins], pages, stopping);
            CheckSmallTables(session, totals);
            session.Run("COMMIT");
            pages.Complete();
        }
        catch (SqliteException exception)
        {
            var damaged = new StoreDamagedException($"SQLite says: {exception.Message}", exception);
            pages.Complete(damaged);
        }
        catch (Exception exception)
        {
            pages.Complete(exception);
        }
    }

    private void CheckTwins(SqliteSession session, TableTotals expected, ChannelWriter<StoredTwin[]> pages, CancellationToken stopping)
    {
        var (found, page, bytes) = (default(TableTotals), new List<StoredTwin>(PageRows), 0);
        using var rows = new SqliteStatement(session.Database, "SELECT key, id, etag, revision, present, sum, data FROM twins ORDER BY key");
        while (rows.Step())
        {
            var (id, sum) = (rows.Text(1), rows.Integer(5));
            var data = rows.Bytes(6);
            var isDamaged = SqliteRows.TwinSum(id, rows.Bytes(2), rows.Integer(3), rows.Integer(4) != 0, data) != sum;
            found = found.With(RowChecksum.OfKey(SqliteTable.Twins, id), sum);
            Existing += rows.Integer(4);
            if (isDamaged)
            {
                DamagedTwins.Add(id);
            }

            page.Add(new StoredTwin(id, isDamaged ? default(ReadOnlyMemory<byte>) : data.ToArray(), isDamaged));
            bytes += data.Length;
            if (page.Count == PageRows || bytes > PageBytes)
            {
                Send(page, pages, stopping);
                bytes = 0;
            }
        }

        Send(page, pages, stopping);
        Twins = found.Rows;
        Compare("twins", expected, found, DamagedTwins.Count);
    }

    private static void Send(List<StoredTwin> page, ChannelWriter<StoredTwin[]> pages, CancellationToken stopping)
    {
        pages.WriteAsync([.. page], stopping).AsTask().GetAwaiter().GetResult();
        page.Clear();
    }

    private static void CheckSmallTables(SqliteSession session, StoreTotals totals)
    {
        Check("sessions", SqliteTable.Sessions, "SELECT id, sum, etag, expires, data FROM sessions ORDER BY key", static row =>
            SqliteRows.SessionSum(row.Text(0), row.Bytes(2), row.Integer(3), row.Bytes(4)));
        Check("dead letters", SqliteTable.DeadLetters, "SELECT id, sum, twin, data FROM dead_letters ORDER BY key", static row =>
            SqliteRows.DeadLetterSum(row.Text(0), row.Text(2), row.Bytes(3)));
        Check("members of sets", SqliteTable.Sets, "SELECT name || char(10) || member, sum FROM sets ORDER BY name, member", static row =>
            RowChecksum.Of(SqliteTable.Sets, row.Text(0), default, 0, 0, default));
        Check("counters", SqliteTable.Counters, "SELECT name, sum, value FROM counters ORDER BY name", static row =>
            SqliteRows.CounterSum(row.Text(0), row.Integer(2)));

        void Check(string what, SqliteTable table, string select, Func<SqliteStatement, long> sumOf)
        {
            var (found, damaged) = (default(TableTotals), 0);
            using var rows = new SqliteStatement(session.Database, select);
            while (rows.Step())
            {
                var sum = rows.Integer(1);
                found = found.With(RowChecksum.OfKey(table, rows.Text(0)), sum);
                damaged += sumOf(rows) == sum ? 0 : 1;
            }

            if (damaged > 0)
            {
                throw new StoreDamagedException($"{damaged} of {found.Rows} {what} do not match their checksums");
            }

            Compare(what, totals[table], found, damagedRows: 0);
        }
    }

    /// <summary>A damaged row may have lost its checksum itself, so only the number and the keys can be compared then.</summary>
    private static void Compare(string what, TableTotals expected, TableTotals found, int damagedRows)
    {
        if (found.Rows != expected.Rows)
        {
            throw new StoreDamagedException($"{found.Rows} of {expected.Rows} {what} are there");
        }

        if (found.Keys != expected.Keys)
        {
            throw new StoreDamagedException($"of {expected.Rows} {what} some have lost their names");
        }

        if (damagedRows == 0 && found.Sums != expected.Sums)
        {
            throw new StoreDamagedException($"of {expected.Rows} {what} some are older than they were");
        }
    }

    /// <summary>Finds what a pass over the rows does not see: an index, or the way to a row, that is wrong.</summary>
    private void CheckStructure()
    {
        try
        {
            using var session = SqliteSchema.OpenReader(path, CacheKiB);
            using var check = new SqliteStatement(session.Database, "PRAGMA integrity_check(1)");
            if (check.Step() && check.Text(0) is var found && found != "ok")
            {
                throw new StoreDamagedException($"SQLite says: {found.ReplaceLineEndings(" ")}");
            }
        }
        catch (SqliteException exception)
        {
            throw new StoreDamagedException($"SQLite says: {exception.Message}", exception);
        }
    }
}
