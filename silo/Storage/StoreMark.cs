using StackExchange.Redis;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage;

/// <summary>
/// A name that lies both in the embedded store and beside it. Where the folder has the name and the store has not,
/// the store has lost its log: it would start empty, as if nothing had ever been acknowledged, and must not.
/// </summary>
internal static class StoreMark
{
    private static readonly RedisKey Key = "twins/store-mark";

    /// <exception cref="StartupRefusedException">The store has lost what was in it.</exception>
    public static async Task Check(IDatabase database, EmbeddedStore store)
    {
        var directory = store.DataDirectory;
        var path = Path.Combine(directory, "store-mark");
        var stored = (string?)await database.StringGetAsync(Key);
        if (File.Exists(path))
        {
            if (stored != (await File.ReadAllTextAsync(path)).Trim())
            {
                throw new StartupRefusedException(
                    $"the data folder {directory} has lost its log, or holds that of another folder; restore the whole folder from a backup, or delete it to start with nothing.");
            }

            return;
        }

        if (stored is null)
        {
            stored = Guid.NewGuid().ToString("N");
            await database.StringSetAsync(Key, stored);
        }

        await store.Commit();

        // Behind the store's: a crash in between leaves a store with a name and a folder without, which is mended here.
        await File.WriteAllTextAsync(path, stored);
    }
}
