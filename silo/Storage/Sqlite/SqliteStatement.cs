using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>A prepared statement of one connection. Parameters are numbered from 1 and columns from 0, as in SQLite. Not thread-safe.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int LongestOnStack = 512;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> blob)
    {
        Check(raw.sqlite3_bind_blob(_statement, parameter, blob));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(_statement, parameter));
            return this;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        var utf8 = length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[length];
        utf8 = utf8[..Encoding.UTF8.GetBytes(text, utf8)];
        Check(raw.sqlite3_bind_text(_statement, parameter, utf8));
        return this;
    }

    /// <summary>Moves to the next row; returns false after the last one, and then the statement can be used again.</summary>
    /// <exception cref="SqliteException">The statement failed; it can be used again.</exception>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        var failure = result == raw.SQLITE_DONE ? null : Failure(_database);
        Reset();
        return failure is null ? false : throw failure;
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run()
    {
        while (Step())
        {
            // A pragma may answer with a row.
        }
    }

    /// <summary>Ends reading before the last row.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>Returns the bytes of a text or a blob; they are valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(_statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public void Dispose() => _statement.Dispose();

    /// <summary>Returns the last error of a connection as an exception.</summary>
    public static SqliteException Failure(sqlite3 database) =>
        new(raw.sqlite3_errmsg(database).utf8_to_string(), raw.sqlite3_errcode(database) & 0xff, raw.sqlite3_extended_errcode(database));

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw Failure(_database);
        }
    }
}
