using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Twins.Silo.Storage.Sqlite;

namespace Twins.Silo.Tests.Storage;

public sealed class SqliteStateStoreTests : StateStoreTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _stores;

    private protected override TwinsOptions NewOptions()
    {
        var options = new TwinsOptions { DeadLetters = SmallLimits() };
        options.Store.DataDirectory = _folder.In($"data-{Interlocked.Increment(ref _stores)}");
        return options;
    }

    /// <summary>A trigger refuses the row.</summary>
    private protected override Task<StateKey> NewUnwritableKeyAsync()
    {
        using var session = SqliteSchema.OpenWriter(new DataFolder(_folder.In("data-1")).Database, cacheKiB: 64);
        session.Run("CREATE TRIGGER refuse BEFORE INSERT ON twins WHEN NEW.id = 'unwritable' BEGIN SELECT RAISE(ABORT, 'refused'); END");
        return Task.FromResult(StateKey.Twin("unwritable"));
    }

    public void Dispose() => _folder.Dispose();
}
