using Orleans.Storage;
using StackExchange.Redis;
using Twins.Silo.Hosting;
using Twins.Silo.Storage.Redis;
using Twins.Silo.Storage.Sqlite;

namespace Twins.Silo.Storage;

/// <summary>Adds the store that the settings name.</summary>
internal static class StoreHosting
{
    /// <summary>Adds <see cref="IStateStore"/>, and the grain storage above it.</summary>
    public static void AddTwinsStore(this IServiceCollection services, TwinsOptions options)
    {
        services.AddSingleton<DeadLetterStore>();
        services.AddSingleton<TwinStates>();
        services.AddSingleton<StoreHealth>();
        services.AddSingleton<StoreRetry>();
        services.AddSingleton<StartupFailure>();
        services.AddHostedService<StoreProbe>();
        services.AddSingleton<IGrainStorageSerializer, GrainStateSerializer>();
        services.AddKeyedSingleton<IGrainStorage>(StorageNames.Twins, (provider, _) => new StateStoreGrainStorage(
            provider.GetRequiredService<IStateStore>(), provider.GetRequiredService<StoreHealth>(), provider.GetRequiredService<IGrainStorageSerializer>()));
        if (options.Store.Redis.Length == 0)
        {
            services.AddSingleton<IStateStore, SqliteStateStore>();
            return;
        }

        services.AddSingleton(new RedisKeys(options.Cluster.ServiceId));
        services.AddSingleton<RedisConnection>();
        services.AddSingleton<RedisDurability>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisDurability>());
        services.AddSingleton<RedisWriter>();
        services.AddSingleton<RedisStateProvider>();
        services.AddSingleton<IStateStore, RedisStateStore>();
        services.AddRedisGrainStorage(RedisStateProvider.Name, redis => redis.Configure<RedisConnection, RedisKeys>((storage, connection, keys) =>
        {
            storage.ConfigurationOptions = new ConfigurationOptions();
            storage.CreateMultiplexer = async _ => (await connection.MultiplexerAsync(), true);
            storage.GrainStorageSerializer = new RedisStateProvider.BytesSerializer();
            // Without it a cleared state leaves a hash with an ETag of its own.
            storage.DeleteStateOnClear = true;
            storage.GetStorageKey = (_, grain) => keys.Of(RedisStateProvider.KeyOf(grain));
        }));
    }
}
