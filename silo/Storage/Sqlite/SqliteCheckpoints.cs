using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// Moves what the log holds into the database, on a thread and a connection of its own, while the writer goes on. A log that has
/// grown beyond <see cref="LogLimit"/> all the same is finished by the writer itself between two transactions.
/// </summary>
internal sealed partial class SqliteCheckpoints : IDisposable
{
    /// <summary>The log begins anew when it has so many bytes: 64 MiB. Recovery after a crash reads at most about this.</summary>
    public const long LogLimit = 64 << 20;

    /// <summary>Bytes of data after which a checkpoint is worth its two syncs.</summary>
    private const long Due = 8 << 20;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>What little was written is moved when nothing more came for so many looks.</summary>
    private const int QuietLooks = 25;

    private readonly SqliteWriter _writer;
    private readonly Func<SqliteSession> _open;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private SqliteSession? _session;

    public SqliteCheckpoints(SqliteWriter writer, Func<SqliteSession> open, ILogger logger)
    {
        _writer = writer;
        _open = open;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "twins-store-checkpoints" };
        _thread.Start();
    }

    /// <summary>Moves everything and has the next transaction begin the log from its start. Readers delay it.</summary>
    public static void Restart(SqliteSession session) => raw.sqlite3_wal_checkpoint_v2(session.Database, "main", raw.SQLITE_CHECKPOINT_RESTART, out _, out _);

    /// <summary>Moves everything and empties the log.</summary>
    public static void Truncate(SqliteSession session) => raw.sqlite3_wal_checkpoint_v2(session.Database, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _);

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _session?.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var (moved, seen, quiet) = (_writer.WrittenBytes, _writer.WrittenBytes, 0);
        while (!_stop.Wait(LookInterval))
        {
            var written = _writer.WrittenBytes;
            quiet = written == seen ? quiet + 1 : 0;
            seen = written;
            if (written - moved < Due && !(written > moved && quiet >= QuietLooks))
            {
                continue;
            }

            moved = written;
            try
            {
                Move();
            }
            catch (SqliteException exception)
            {
                Failed(exception);
                _session?.Dispose();
                _session = null;
            }
        }
    }

    private void Move()
    {
        _session ??= _open();
        var result = raw.sqlite3_wal_checkpoint_v2(_session.Database, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out _);
        if (result is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
        {
            throw SqliteStatement.Failure(_session.Database);
        }

        if (frames * (_session.Integer("PRAGMA page_size") + 24) > LogLimit)
        {
            _writer.RestartLog();
        }
    }

    [LoggerMessage(LogEvents.StoreCheckpointFailed, LogLevel.Warning, "Failed to checkpoint the log of the store; retrying.")]
    private partial void Failed(Exception exception);
}
