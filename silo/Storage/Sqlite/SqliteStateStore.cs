using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Twins.Contracts.Storage;
using Twins.Silo.Hosting;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// The embedded store, of exactly one silo: a SQLite database in the data folder, with one writer that commits what waits
/// (<see cref="SqliteWriter"/>) and a few readers (docs/decisions/0015-sqlite.md).
/// </summary>
internal sealed partial class SqliteStateStore(IOptions<TwinsOptions> options, TwinsMetrics metrics, TimeProvider time, ILogger<SqliteStateStore> logger) : IStateStore
{
    private const int ReaderCount = 2;

    /// <summary>How long a read that finds nothing waits for the verification, rather than failing.</summary>
    private static readonly TimeSpan VerificationTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly DataFolder _folder = new(Path.GetFullPath(options.Value.Store.DataDirectory));
    private readonly TaskCompletionSource _verified = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DataDirectoryLock? _lock;
    private CommitsFile? _commits;
    private SqliteWriter? _writer;
    private SqliteCheckpoints? _checkpoints;
    private SqliteReaders? _readers;
    private VolumeSpace? _space;
    private ITimer? _sweep;

    public bool IsVerified => _verified.Task.IsCompletedSuccessfully;

    private int CacheKiB => options.Value.Store.MemoryMiB * 1024 / (ReaderCount + 1);

    public Task OpenAsync()
    {
        if (_lock is null)
        {
            Open();
        }

        return Task.CompletedTask;
    }

    public async Task<StoredState?> ReadAsync(StateKey key)
    {
        var state = await Readers.RunAsync(session => Read(session, key));
        if (state is null && !IsVerified)
        {
            await WaitForVerificationAsync();
            state = await Readers.RunAsync(session => Read(session, key));
        }

        return state;
    }

    public async Task<StoredState?[]> ReadAsync(IReadOnlyList<StateKey> keys)
    {
        var states = await Readers.RunAsync(session => keys.Select(key => Read(session, key)).ToArray());
        if (Array.Exists(states, state => state is null))
        {
            await WaitForVerificationAsync();
        }

        return states;
    }

    public Task<bool> WriteAsync(StateWrite write)
    {
        Writer.Add(new StateOperation(write, time));
        return write.Done;
    }

    public Task<bool> DeleteAsync(StateKey key, string etag) => DoAsync(
        rows => key.Kind == StateKind.Twin ? rows.RemoveTwin(key.Id, etag) : rows.RemoveSession(key.Id, Now, etag) ?? true,
        allowedWhenFull: true);

    public async Task<string[]> ListTwinsAsync(string? after, int limit)
    {
        await WaitForVerificationAsync();
        return await Readers.RunAsync(session =>
        {
            var ids = new List<string>();
            var rows = session.Prepared("SELECT id FROM twins WHERE id > ?1 AND present = 1 ORDER BY id LIMIT ?2").Bind(1, after ?? "").Bind(2, limit);
            while (rows.Step())
            {
                ids.Add(rows.Text(0));
            }

            return ids.ToArray();
        });
    }

    public async Task<ShardPage> ReadShardAsync(int shard, string? after, int limit)
    {
        await WaitForVerificationAsync();
        return await Readers.RunAsync(session =>
        {
            var (first, last) = SqliteRows.KeysOf(shard);
            first = after is null ? first - 1 : long.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
            var twins = new List<StoredTwin>();
            var rows = session.Prepared("SELECT key, id, etag, revision, present, sum, data FROM twins WHERE key > ?1 AND key <= ?2 AND present = 1 ORDER BY key LIMIT ?3").Bind(1, first).Bind(2, last).Bind(3, limit);
            while (rows.Step())
            {
                first = rows.Integer(0);
                var id = rows.Text(1);
                var data = rows.Bytes(6);
                var isDamaged = SqliteRows.TwinSum(id, rows.Bytes(2), rows.Integer(3), rows.Integer(4) != 0, data) != rows.Integer(5);
                twins.Add(new StoredTwin(id, isDamaged ? default(ReadOnlyMemory<byte>) : data.ToArray(), isDamaged));
            }

            return new ShardPage([.. twins], twins.Count < limit ? null : first.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    public async IAsyncEnumerable<StoredTwin[]> VerifyAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var verification = new SqliteVerification(_folder.Database);
        await using var pages = verification.RunAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            yield return pages.Current;
        }

        foreach (var id in verification.DamagedTwins)
        {
            TwinDamaged(id);
        }

        Verified(verification.Twins, time.GetElapsedTime(started).TotalSeconds);
        _verified.TrySetResult();

        async Task<bool> NextAsync()
        {
            try
            {
                return await pages.MoveNextAsync();
            }
            catch (StoreDamagedException exception)
            {
                var refused = Damaged(exception);
                Writer.Break(new StoreException(StoreFault.Damaged, refused.Message, exception));
                throw refused;
            }
        }
    }

    public Task AddDeadLetterAsync(StoredDeadLetter letter)
    {
        var limits = options.Value.DeadLetters;
        return DoAsync(
            rows =>
            {
                rows.AddDeadLetter(letter, limits.Capacity, limits.CapacityPerTwin);
                return true;
            },
            bytes: letter.Data.Length);
    }

    public Task<ReadOnlyMemory<byte>[]> ListDeadLettersAsync(string? before, int limit) => Readers.RunAsync(session =>
    {
        var letters = new List<ReadOnlyMemory<byte>>();
        var rows = session.Prepared("SELECT id, twin, sum, data FROM dead_letters WHERE id < ?1 ORDER BY id DESC LIMIT ?2").Bind(1, before ?? "~").Bind(2, limit);
        while (rows.Step())
        {
            if (SqliteRows.DeadLetterSum(rows.Text(0), rows.Text(1), rows.Bytes(3)) == rows.Integer(2))
            {
                letters.Add(rows.Bytes(3).ToArray());
            }
            else
            {
                DeadLetterDamaged(rows.Text(0));
            }
        }

        return letters.ToArray();
    });

    public Task AddToSetAsync(string set, string member) => DoAsync(rows =>
    {
        rows.AddMember(set, member);
        return true;
    });

    public Task RemoveFromSetAsync(string set, string member) => DoAsync(
        rows =>
        {
            rows.RemoveMember(set, member);
            return true;
        },
        allowedWhenFull: true);

    public async Task<string[]> ListSetAsync(string set)
    {
        await WaitForVerificationAsync();
        return await Readers.RunAsync(session =>
        {
            var members = new List<string>();
            var rows = session.Prepared("SELECT member FROM sets WHERE name = ?1").Bind(1, set);
            while (rows.Step())
            {
                members.Add(rows.Text(0));
            }

            return members.ToArray();
        });
    }

    public bool IsShared => false;

    public async Task<long> IncrementAsync(string counter, long by = 1, long above = 0)
    {
        // A counter that is found has its checksum. One that is not found may be missing until all rows were verified.
        if (!IsVerified && await DoAsync(rows => rows.Increment(counter, by, above, mayCreate: false), allowedWhenFull: true) is { } value)
        {
            return value;
        }

        await WaitForVerificationAsync();
        return (await DoAsync(rows => rows.Increment(counter, by, above, mayCreate: true), allowedWhenFull: true))!.Value;
    }

    public Task CheckWritableAsync() => DoAsync(static _ => true);

    public ValueTask DisposeAsync()
    {
        _sweep?.Dispose();
        _readers?.Dispose();
        _checkpoints?.Dispose();
        _writer?.Dispose();
        _commits?.Dispose();
        _lock?.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteWriter Writer => _writer ?? throw new InvalidOperationException("the store is not open");

    private SqliteReaders Readers => _readers ?? throw new InvalidOperationException("the store is not open");

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Open()
    {
        _lock = DataDirectoryLock.Take(_folder.Path);
        try
        {
            _folder.Check();
            OpenDatabase();
        }
        catch (StoreDamagedException exception)
        {
            throw Damaged(exception);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Refused(exception);
        }
    }

    private void OpenDatabase()
    {
        if (!File.Exists(_folder.Database))
        {
            Create();
        }

        _folder.Protect();
        var noted = CommitsFile.Read(_folder.Commits);
        using (var session = SqliteSchema.OpenReader(_folder.Database, cacheKiB: 64))
        {
            SqliteSchema.CheckFormat(session, _folder.Database);
            var stored = StoreTotals.Read(session).Commits;
            if (stored < noted)
            {
                throw new StoreDamagedException($"it ends with commit {stored} and commit {noted} was acknowledged: the log {_folder.Database}-wal is missing or cut, or the database is an older copy");
            }
        }

        _commits = CommitsFile.Open(_folder.Commits);
        _space = new VolumeSpace(_folder.Path, options.Value.Store.FreeMiB, time);
        _writer = new SqliteWriter(() => SqliteSchema.OpenWriter(_folder.Database, CacheKiB), _commits, () => _space.IsFull, metrics, time, logger);
        _checkpoints = new SqliteCheckpoints(_writer, () => SqliteSchema.OpenWriter(_folder.Database, cacheKiB: 1024), logger);
        _readers = new SqliteReaders(ReaderCount, () => SqliteSchema.OpenReader(_folder.Database, CacheKiB));
        _sweep = time.CreateTimer(_ => Sweep(), state: null, SweepInterval, SweepInterval);
    }

    /// <summary>The commit number 0 comes first: a crash on the way leaves what is created once more, and never a database without it.</summary>
    private void Create()
    {
        if (File.Exists(_folder.Commits) && CommitsFile.Read(_folder.Commits) > 0)
        {
            throw new StoreDamagedException("the database is missing, and the file beside it says that there was one");
        }

        CommitsFile.Create(_folder.Commits, commits: 0);
        var unfinished = _folder.In("twins.new");
        foreach (var file in new[] { unfinished, unfinished + "-wal", unfinished + "-shm" })
        {
            File.Delete(file);
        }

        DataFolder.CreateFile(unfinished);
        SqliteSchema.Create(unfinished, options.Value.Store.PageBytes);
        File.Move(unfinished, _folder.Database);
    }

    private void Sweep() => Writer.Add(new RowsOperation<int>(rows => rows.SweepSessions(Now, limit: 1000), allowedWhenFull: true, bytes: 0));

    private Task<T> DoAsync<T>(Func<SqliteRows, T> apply, bool allowedWhenFull = false, int bytes = 0)
    {
        var operation = new RowsOperation<T>(apply, allowedWhenFull, bytes);
        Writer.Add(operation);
        return operation.Done;
    }

    /// <summary>Before all rows were seen, one that is not found may be one that was lost.</summary>
    private async Task WaitForVerificationAsync()
    {
        try
        {
            await _verified.Task.WaitAsync(VerificationTimeout, time);
        }
        catch (TimeoutException exception)
        {
            throw new StoreException(StoreFault.Verifying, "the store is still being verified after its start; try again", exception);
        }
    }

    private StoredState? Read(SqliteSession session, StateKey key)
    {
        var isTwin = key.Kind == StateKind.Twin;
        var row = isTwin
            ? session.Prepared("SELECT etag, revision, present, sum, data FROM twins WHERE id = ?1").Bind(1, key.Id)
            : session.Prepared("SELECT etag, expires, 0, sum, data FROM sessions WHERE id = ?1 AND expires > ?2").Bind(1, key.Id).Bind(2, Now);
        if (!row.Step())
        {
            return null;
        }

        var (etag, number, data) = (row.Text(0), row.Integer(1), row.Bytes(4).ToArray());
        var sum = isTwin
            ? SqliteRows.TwinSum(key.Id, row.Bytes(0), number, row.Integer(2) != 0, data)
            : SqliteRows.SessionSum(key.Id, row.Bytes(0), number, data);
        var isDamaged = sum != row.Integer(3);
        row.Reset();
        return new StoredState(etag, isDamaged ? default(ReadOnlyMemory<byte>) : data, isTwin ? number : 0, isDamaged);
    }

    private StartupRefusedException Damaged(StoreDamagedException exception) => new(
        $"the database {_folder.Database} is damaged: {exception.Message}; restore a backup (docs/operations/store.md), or start once with --recover, which keeps what can be read.",
        exception);

    private StartupRefusedException Refused(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB } => Damaged(new StoreDamagedException($"SQLite says: {exception.Message}", exception)),
        SqliteException => new($"the database {_folder.Database} cannot be opened: {SqliteFaults.Of(exception).Message}.", exception),
        UnauthorizedAccessException => new($"the data folder {_folder.Path} cannot be used by this user ({exception.Message}); give this user the folder and its files, or set Twins:Store:DataDirectory to another folder.", exception),
        _ when OpenFiles.AreExhausted() => new("the process has no file descriptors left; raise its limit (ulimit -n).", exception),
        _ => new($"the data folder {_folder.Path} cannot be used ({exception.Message}); make room, or set Twins:Store:DataDirectory to another folder.", exception),
    };

    [LoggerMessage(LogEvents.StoreTwinDamaged, LogLevel.Error, "Failed to verify twin {TwinId}: its row does not match its checksum. It answers 503 until it is deleted or restored from a backup.")]
    private partial void TwinDamaged(string twinId);

    [LoggerMessage(LogEvents.StoreDeadLetterDamaged, LogLevel.Error, "Failed to read dead letter {Id}: its row does not match its checksum.")]
    private partial void DeadLetterDamaged(string id);

    [LoggerMessage(LogEvents.StoreVerified, LogLevel.Debug, "Verified {Twins} twins in {Seconds:0.000} s.")]
    private partial void Verified(long twins, double seconds);
}
