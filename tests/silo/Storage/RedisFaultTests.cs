using Twins.Contracts.Storage;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>What callers of the store are told while a real Redis fails in various ways, and that it works again after.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private static readonly StateKey Key = StateKey.Twin("a");

    private RedisProcess? _process;
    private StoreHost? _host;
    private string _etag = "";

    private RedisProcess Redis => _process!;

    private IStateStore Store => _host!.Store;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Component.Redis.Path is null, Component.Redis.Missing);
        Assert.SkipWhen(Component.RedisCli.Path is null, Component.RedisCli.Missing);
        _process = await RedisProcess.StartWith("--requirepass", "administrator");
        await Redis.Ask("acl", "setuser", "twins", "on", ">secret", "~twins/*", "&*", "+@all", "-@dangerous", "+info", "+config|get");
        var options = new TwinsOptions();
        options.Store.Redis = Redis.ConnectionString + ",user=twins,password=secret,asyncTimeout=500";
        options.Store.Durability = StoreDurability.Require;
        _host = await StoreHost.OpenAsync(options);
        await WriteAsync();
    }

    [Fact]
    public async Task Full_memory_is_store_full()
    {
        await Redis.Ask("config", "set", "maxmemory", "1");
        await FailsWithAsync(StoreFault.Full, reads: null);

        await Redis.Ask("config", "set", "maxmemory", "0");
        await WorksAsync();
    }

    [Fact]
    public async Task Replica_is_store_read_only()
    {
        await Redis.Ask("replicaof", "127.0.0.1", $"{Loopback.FreePort()}");
        await FailsWithAsync(StoreFault.ReadOnly, reads: null);

        await Redis.Ask("replicaof", "no", "one");
        await WorksAsync();
    }

    [Fact]
    public async Task Missing_replicas_are_store_read_only()
    {
        await Redis.Ask("config", "set", "min-replicas-to-write", "1");
        await FailsWithAsync(StoreFault.ReadOnly, reads: null);

        await Redis.Ask("config", "set", "min-replicas-to-write", "0");
        await WorksAsync();
    }

    [Fact]
    public async Task Disk_that_cannot_be_written_is_store_full()
    {
        // Redis renames its snapshot to the name of a folder that is not empty.
        Directory.CreateDirectory(Redis.In("dump.rdb"));
        await File.WriteAllTextAsync(Redis.In("dump.rdb/file"), "", TestContext.Current.CancellationToken);
        await Redis.Ask("config", "set", "save", "3600 1000000");
        await Redis.Ask("bgsave");
        await Eventually.Is(async () => (await Redis.Ask("info", "persistence")).Contains("rdb_last_bgsave_status:err", StringComparison.Ordinal), "the snapshot to fail");
        await FailsWithAsync(StoreFault.Full, reads: null);

        await Redis.Ask("config", "set", "stop-writes-on-bgsave-error", "no");
        await WorksAsync();
    }

    [Fact]
    public async Task Missing_permission_to_write_is_store_denied()
    {
        await Redis.Ask("acl", "setuser", "twins", "-@write");
        await FailsWithAsync(StoreFault.Denied, reads: null);

        await Redis.Ask("acl", "setuser", "twins", "-@all");
        await FailsWithAsync(StoreFault.Denied, reads: StoreFault.Denied);

        await Redis.Ask("acl", "setuser", "twins", "+@all");
        await WorksAsync();
    }

    [Fact]
    public async Task Changed_password_is_store_denied()
    {
        await Redis.Ask("acl", "setuser", "twins", "resetpass", ">other");
        await Redis.Ask("client", "kill", "user", "twins");
        await Eventually.Passes(() => FailsWithAsync(StoreFault.Denied, reads: StoreFault.Denied));

        await Redis.Ask("acl", "setuser", "twins", "resetpass", ">secret");
        await WorksAsync();
    }

    [Fact]
    public async Task Suspended_Redis_is_store_unreachable()
    {
        await Redis.Pause();
        await FailsWithAsync(StoreFault.Unreachable, reads: StoreFault.Unreachable);

        Redis.Resume();
        await WorksAsync();
    }

    [Fact]
    public async Task Killed_Redis_is_store_unreachable()
    {
        await Redis.Kill();
        await FailsWithAsync(StoreFault.Unreachable, reads: StoreFault.Unreachable);

        await Redis.StartAgain();
        await Redis.Ask("acl", "setuser", "twins", "on", ">secret", "~twins/*", "&*", "+@all");
        await WorksAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    /// <param name="expected">The fault of writes.</param>
    /// <param name="reads">The fault of reads; null if they work.</param>
    private async Task FailsWithAsync(StoreFault expected, StoreFault? reads)
    {
        // Together: where Redis does not answer each of them waits for it.
        var writing = Task.WhenAll(
            FaultOfAsync(Store.CheckWritableAsync),
            FaultOfAsync(() => Store.WriteAsync(StoreModel.Write(Key, _etag, "never", "{}", exists: true, expiry: null))),
            FaultOfAsync(() => Store.WriteAsync(StoreModel.Write(StateKey.Twin("new"), "", "never", "{}", exists: true, expiry: null))),
            FaultOfAsync(() => Store.AddDeadLetterAsync(StoreModel.DeadLetter(1, "a"))),
            FaultOfAsync(() => Store.IncrementAsync("counter")));
        var reading = Task.WhenAll(
            FaultOfAsync(() => Store.ReadAsync(Key)),
            FaultOfAsync(() => Store.ReadAsync([Key])),
            FaultOfAsync(() => Store.ListTwinsAsync(after: null, 10)));
        Assert.All(await writing, fault => Assert.Equal(expected, fault));
        Assert.All(await reading, fault => Assert.Equal(reads, fault));
    }

    private static async Task<StoreFault?> FaultOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (StoreException exception)
        {
            return exception.Fault;
        }
    }

    private Task WorksAsync() => Eventually.Passes(WriteAsync);

    private async Task WriteAsync()
    {
        // A write that got no answer may have been done.
        var known = (await Store.ReadAsync(Key))?.ETag ?? "";
        var next = $"{Guid.NewGuid():N}";
        Assert.True(await Store.WriteAsync(StoreModel.Write(Key, known, next, "{}", exists: true, expiry: null)));
        Assert.Equal(next, (await Store.ReadAsync(Key))!.ETag);
        _etag = next;
    }
}
