using Microsoft.Data.Sqlite;
using SQLitePCL;
using Twins.Contracts.Storage;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>Tells what an error of SQLite means for the store (https://www.sqlite.org/rescode.html).</summary>
internal static class SqliteFaults
{
    /// <summary>Returns the exception that callers of the store get; it keeps <paramref name="exception"/> as its cause.</summary>
    public static StoreException Of(Exception exception) => exception as StoreException ?? exception switch
    {
        SqliteException sqlite => Of(sqlite),
        StoreDamagedException => new StoreException(StoreFault.Damaged, exception.Message, exception),
        OutOfMemoryException => new StoreException(StoreFault.OutOfMemory, "the process has no memory left", exception),
        _ => new StoreException(StoreFault.Failed, $"the store failed: {exception.Message}", exception),
    };

    /// <summary>Returns whether an error concerns the connection or the disk, rather than one row.</summary>
    public static bool IsOfDisk(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_IOERR or raw.SQLITE_FULL
        or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM or raw.SQLITE_BUSY or raw.SQLITE_PERM;

    private static StoreException Of(SqliteException exception)
    {
        var (fault, reason) = exception.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => (StoreFault.Full, "the volume of the data folder is full"),
            raw.SQLITE_READONLY or raw.SQLITE_PERM => (StoreFault.ReadOnly, "the data folder cannot be written"),
            raw.SQLITE_NOMEM => (StoreFault.OutOfMemory, "the process has no memory left"),
            raw.SQLITE_CANTOPEN => OpenFiles.AreExhausted()
                ? (StoreFault.OutOfDescriptors, "the process has no file descriptors left; raise its limit (ulimit -n)")
                : (StoreFault.Failed, "the database cannot be opened"),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => (StoreFault.Damaged, "the database is damaged"),
            raw.SQLITE_IOERR => (StoreFault.Failed, "the disk failed"),
            _ => (StoreFault.Failed, "the store failed"),
        };
        return new StoreException(fault, $"{reason} ({exception.Message}, {exception.SqliteExtendedErrorCode})", exception);
    }
}
