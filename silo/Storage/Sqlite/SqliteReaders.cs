using System.Threading.Channels;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// The threads that read the database, each with its own connection: SQLite reads synchronously, and the threads of grains must not
/// wait for a disk. The queue is bounded by its callers.
/// </summary>
internal sealed class SqliteReaders : IDisposable
{
    private readonly Channel<Action<SqliteSession>> _waiting = Channel.CreateUnbounded<Action<SqliteSession>>();
    private readonly Thread[] _threads;

    /// <param name="count">How many threads read.</param>
    /// <param name="open">Opens a connection.</param>
    public SqliteReaders(int count, Func<SqliteSession> open)
    {
        _threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            // Opened here, so that a process that runs out of file descriptors can still read.
            var session = open();
            _threads[i] = new Thread(() => Run(session)) { IsBackground = true, Name = $"twins-store-reader-{i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Reads.</summary>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> read)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.Writer.TryWrite(session => Read(session, read, done)))
        {
            done.SetException(new ObjectDisposedException(nameof(SqliteReaders)));
        }

        return done.Task;
    }

    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        Array.ForEach(_threads, thread => thread.Join());
    }

    private static void Read<T>(SqliteSession session, Func<SqliteSession, T> read, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(read(session));
        }
        catch (Exception exception)
        {
            done.SetException(SqliteFaults.Of(exception));
        }
    }

    private void Run(SqliteSession session)
    {
        using (session)
        {
            while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_waiting.Reader.TryRead(out var read))
                {
                    read(session);
                }
            }
        }
    }
}
