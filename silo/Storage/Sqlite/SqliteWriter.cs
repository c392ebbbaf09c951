using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Twins.Contracts.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// The one thread that writes the database. Everything that waits becomes one transaction (group commit), so that one sync of the log
/// serves many callers. The queue is bounded by its callers: each grain has one write under way.
/// </summary>
internal sealed partial class SqliteWriter : IDisposable
{
    /// <summary>Operations of a transaction: beyond some 256 they gain nothing (docs/decisions/0015-sqlite.md).</summary>
    private const int MaxBatch = 512;

    /// <summary>Bytes of a transaction, beyond which it takes no further operation.</summary>
    private const int MaxBytes = 4 << 20;

    private readonly ConcurrentQueue<SqliteOperation> _waiting = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Func<SqliteSession> _open;
    private readonly CommitsFile _commits;
    private readonly Func<bool> _isFull;
    private readonly TwinsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private SqliteRows? _rows;
    private Exception? _broken;
    private long _writtenBytes;
    private volatile bool _idle;
    private volatile bool _stopping;
    private volatile bool _restartLog;

    /// <param name="open">Opens the writer's connection; called again after an error of the disk.</param>
    /// <param name="commits">Takes the number of each commit.</param>
    /// <param name="isFull">Tells whether the reserve of the volume is used up.</param>
    /// <param name="metrics">Counts writes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public SqliteWriter(Func<SqliteSession> open, CommitsFile commits, Func<bool> isFull, TwinsMetrics metrics, TimeProvider time, ILogger logger)
    {
        _open = open;
        _commits = commits;
        _isFull = isFull;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _rows = OpenRows();
        metrics.Gauge("twins.store.waiting", "{write}", "Writes that wait for a transaction.", () => _waiting.Count);
        _thread = new Thread(Run) { IsBackground = true, Name = "twins-store-writer" };
        _thread.Start();
    }

    /// <summary>Gets the bytes of data written so far.</summary>
    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    /// <summary>Adds an operation to the queue.</summary>
    public void Add(SqliteOperation operation)
    {
        _waiting.Enqueue(operation);
        if (_idle)
        {
            _wake.Set();
        }
    }

    /// <summary>Refuses all writes from now on: the database was found to be damaged.</summary>
    public void Break(Exception exception) => Volatile.Write(ref _broken, exception);

    /// <summary>Has the writer finish the checkpoint, and begin the log from its start.</summary>
    public void RestartLog()
    {
        _restartLog = true;
        _wake.Set();
    }

    /// <summary>Ends the thread after everything that waits was done.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _rows?.Session.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        var batch = new List<SqliteOperation>(MaxBatch);
        while (true)
        {
            Take(batch);
            if (batch.Count > 0)
            {
                Write(batch);
                batch.Clear();
            }

            if (_restartLog)
            {
                _restartLog = false;
                FinishCheckpoint();
            }

            if (!_waiting.IsEmpty)
            {
                continue;
            }

            if (_stopping)
            {
                return;
            }

            // Whoever adds after this sees that the thread waits; whoever added before is seen here.
            _idle = true;
            Interlocked.MemoryBarrier();
            if (_waiting.IsEmpty && !_restartLog && !_stopping)
            {
                _wake.WaitOne();
            }

            _idle = false;
        }
    }

    private void Take(List<SqliteOperation> batch)
    {
        var bytes = 0;
        while (batch.Count < MaxBatch && bytes < MaxBytes && _waiting.TryDequeue(out var operation))
        {
            batch.Add(operation);
            bytes += operation.Bytes;
        }
    }

    private void Write(List<SqliteOperation> batch)
    {
        using var span = TwinsTracing.Join("twins.store", ActivityKind.Internal, batch, static operation => operation.Trace);
        var started = _time.GetTimestamp();
        var taken = Volatile.Read(ref _broken) is { } broken ? Refuse(batch, static _ => true, broken)
            : _isFull() ? Refuse(batch, static operation => !operation.IsAllowedWhenFull, new StoreException(StoreFault.Full, "the free space of the volume is below Twins:Store:FreeMiB"))
            : batch;
        var done = taken.Count;
        if (taken.Count > 0 && !TryCommit(taken, out var exception))
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            if (taken.Count > 1 && !(exception is SqliteException sqlite && SqliteFaults.IsOfDisk(sqlite)))
            {
                // One of them cannot be written. The others must not fail with it.
                done = OneByOne(taken);
            }
            else
            {
                Refuse(taken, static _ => true, SqliteFaults.Of(exception));
                done = 0;
            }
        }

        var conflicts = taken.Count(static operation => operation.IsConflict);
        _metrics.Written(Math.Max(0, done - conflicts), conflicts, batch.Count - done, _time.GetElapsedTime(started));
    }

    /// <summary>Fails the operations that <paramref name="refused"/> holds for; returns the others.</summary>
    private static List<SqliteOperation> Refuse(List<SqliteOperation> batch, Predicate<SqliteOperation> refused, Exception exception)
    {
        var taken = new List<SqliteOperation>();
        foreach (var operation in batch)
        {
            if (refused(operation))
            {
                operation.Fail(exception);
            }
            else
            {
                taken.Add(operation);
            }
        }

        return taken;
    }

    /// <summary>Does each in a transaction of its own; returns how many were done.</summary>
    private int OneByOne(List<SqliteOperation> batch)
    {
        var done = 0;
        foreach (var operation in batch)
        {
            List<SqliteOperation> alone = [operation];
            if (TryCommit(alone, out var exception))
            {
                done++;
            }
            else
            {
                operation.Fail(SqliteFaults.Of(exception));
            }
        }

        return done;
    }

    /// <summary>Does all operations in one transaction.</summary>
    private bool TryCommit(List<SqliteOperation> batch, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out Exception? failure)
    {
        StoreTotals before = default;
        try
        {
            var rows = _rows ??= OpenRows();
            before = rows.Totals;
            rows.Begin();
            var bytes = 0;
            foreach (var operation in batch)
            {
                operation.Apply(rows);
                bytes += operation.Bytes;
            }

            rows.Commit();
            Volatile.Write(ref _writtenBytes, _writtenBytes + bytes);
        }
        catch (Exception exception)
        {
            Undo(exception, before);
            failure = exception;
            return false;
        }

        Note(_rows.Totals.Commits);
        foreach (var operation in batch)
        {
            operation.Complete();
        }

        failure = null;
        return true;
    }

    /// <summary>After an error of the disk nothing is known of the connection's state: the next transaction opens another one.</summary>
    private void Undo(Exception exception, in StoreTotals before)
    {
        try
        {
            _rows?.Rollback(before);
            if (exception is not SqliteException sqlite || !SqliteFaults.IsOfDisk(sqlite))
            {
                return;
            }
        }
        catch (SqliteException rollback)
        {
            RollbackFailed(rollback);
        }

        try
        {
            _rows?.Session.Dispose();
        }
        catch (SqliteException close)
        {
            RollbackFailed(close);
        }

        _rows = null;
    }

    /// <summary>A number that could not be noted makes the file lag, which is harmless.</summary>
    private void Note(long commits)
    {
        try
        {
            _commits.Write(commits);
        }
        catch (IOException exception)
        {
            NotNoted(exception);
        }
    }

    private void FinishCheckpoint()
    {
        if (_rows is null)
        {
            return;
        }

        try
        {
            SqliteCheckpoints.Restart(_rows.Session);
        }
        catch (SqliteException exception)
        {
            CheckpointFailed(exception);
        }
    }

    private SqliteRows OpenRows()
    {
        var session = _open();
        try
        {
            return new SqliteRows(session, StoreTotals.Read(session));
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    [LoggerMessage(LogEvents.StoreRollbackFailed, LogLevel.Warning, "Failed to roll back a transaction of the store; reopening the database.")]
    private partial void RollbackFailed(Exception exception);

    [LoggerMessage(LogEvents.StoreCommitNotNoted, LogLevel.Warning, "Failed to write the commit number beside the database; it lags behind until the next commit.")]
    private partial void NotNoted(Exception exception);

    [LoggerMessage(LogEvents.StoreCheckpointFailed, LogLevel.Warning, "Failed to checkpoint the log of the store; retrying.")]
    private partial void CheckpointFailed(Exception exception);
}
