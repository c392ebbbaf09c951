using Microsoft.Data.Sqlite;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>The tables of the database, and how a connection has to be set up to write them.</summary>
internal static class SqliteSchema
{
    /// <summary>The format that is written, in <c>user_version</c>. 2: the first on SQLite.</summary>
    public const int Format = 2;

    /// <summary>Marks the file as one of Twins (<c>application_id</c>): "Twin".</summary>
    private const int ApplicationId = 0x5477_696E;

    /// <summary>
    /// The key of a twin is its shard, and a number within it: a shard is a range of the table and needs no index. Data is the last
    /// column, so that looking up a row does not read it.
    /// </summary>
    private const string Tables =
        """
        CREATE TABLE totals (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE twins (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, etag BLOB NOT NULL, revision INTEGER NOT NULL, present INTEGER NOT NULL, sum INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE sessions (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, etag BLOB NOT NULL, expires INTEGER NOT NULL, sum INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE INDEX sessions_expires ON sessions (expires);
        CREATE TABLE dead_letters (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, twin TEXT NOT NULL, sum INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE INDEX dead_letters_twin ON dead_letters (twin, key);
        CREATE TABLE sets (name TEXT NOT NULL, member TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (name, member)) WITHOUT ROWID;
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Opens the database for its one writer.</summary>
    public static SqliteSession OpenWriter(string path, int cacheKiB)
    {
        var session = SqliteSession.Open(path, SqliteOpenMode.ReadWrite, cacheKiB);
        try
        {
            Prepare(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Opens the database to read it while the writer writes.</summary>
    public static SqliteSession OpenReader(string path, int cacheKiB)
    {
        var session = SqliteSession.Open(path, SqliteOpenMode.ReadWrite, cacheKiB);
        session.Run("PRAGMA query_only = ON");
        return session;
    }

    /// <summary>Creates the database.</summary>
    /// <param name="path">Where it is to be; there must be none.</param>
    /// <param name="pageSize">Bytes of a page (docs/decisions/0015-sqlite.md).</param>
    public static void Create(string path, int pageSize)
    {
        using var session = SqliteSession.Open(path, SqliteOpenMode.ReadWriteCreate, cacheKiB: 1024);
        session.Run($"PRAGMA page_size = {pageSize}");
        Prepare(session);
        session.Run("BEGIN IMMEDIATE");
        foreach (var statement in Tables.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            session.Run(statement);
        }

        session.Run($"PRAGMA application_id = {ApplicationId}");
        session.Run($"PRAGMA user_version = {Format}");
        default(StoreTotals).Write(session);
        session.Run("COMMIT");
    }

    /// <summary>Checks that the database is one of this version.</summary>
    /// <exception cref="StartupRefusedException">It belongs to another program, or to a newer version.</exception>
    public static void CheckFormat(SqliteSession session, string path)
    {
        if (session.Integer("PRAGMA application_id") != ApplicationId)
        {
            throw new StartupRefusedException($"{path} is not a database of Twins; set Twins:Store:DataDirectory to another folder.");
        }

        var format = session.Integer("PRAGMA user_version");
        if (format != Format)
        {
            throw new StartupRefusedException($"{path} has format {format} and this version reads format {Format}; start the version that wrote it, or restore a backup of this one.");
        }
    }

    private static void Prepare(SqliteSession session)
    {
        session.Run("PRAGMA journal_mode = WAL");
        session.Run("PRAGMA synchronous = FULL");

        // macOS: fsync alone does not reach the disk. No effect elsewhere.
        session.Run("PRAGMA fullfsync = ON");
        session.Run("PRAGMA checkpoint_fullfsync = ON");
        session.Run("PRAGMA secure_delete = ON");
        session.Run("PRAGMA foreign_keys = OFF");

        // SqliteCheckpoints does it, on a connection of its own.
        session.Run("PRAGMA wal_autocheckpoint = 0");
        session.Run($"PRAGMA journal_size_limit = {SqliteCheckpoints.LogLimit}");
    }
}
