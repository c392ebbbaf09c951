using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>A connection to the database and its prepared statements. Not thread-safe.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Gets the connection in SQLite's own terms.</summary>
    public sqlite3 Database => _connection.Handle!;

    /// <summary>Gets whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Database) == 0;

    /// <summary>Opens a connection.</summary>
    /// <param name="path">The database.</param>
    /// <param name="mode">Whether it may be written or created.</param>
    /// <param name="cacheKiB">Its page cache.</param>
    public static SqliteSession Open(string path, SqliteOpenMode mode, int cacheKiB)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            // A connection that is closed has let go of its files.
            Pooling = false,
        }.ToString());
        connection.Open();
        var session = new SqliteSession(connection);
        try
        {
            session.Run("PRAGMA busy_timeout = 10000");
            session.Run($"PRAGMA cache_size = -{cacheKiB}");
            session.Run("PRAGMA temp_store = MEMORY");
            session.Run("PRAGMA trusted_schema = OFF");
            session.Run("PRAGMA cell_size_check = ON");
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Returns the prepared statement of this text; it stays prepared.</summary>
    public SqliteStatement Prepared(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new SqliteStatement(Database, sql);
        }

        return statement;
    }

    /// <summary>Runs a statement once.</summary>
    public void Run(string sql)
    {
        using var statement = new SqliteStatement(Database, sql);
        statement.Run();
    }

    /// <summary>Returns the integer that a statement answers with.</summary>
    public long Integer(string sql)
    {
        using var statement = new SqliteStatement(Database, sql);
        return statement.Step() ? statement.Integer(0) : 0;
    }

    /// <summary>Ends an open transaction without its changes; does nothing if SQLite has ended it already.</summary>
    public void Rollback()
    {
        if (InTransaction)
        {
            Prepared("ROLLBACK").Run();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
