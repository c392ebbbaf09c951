using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>One platform on a Redis of its own, for many faults. Its user has the permissions of docs/operations/store.md and no more.</summary>
public sealed class RedisFaultFixture : IAsyncLifetime
{
    public const string User = "twins";
    public const string Password = "secret";

    private readonly TemporaryFolder _folder = new();
    private RedisProcess? _redis;
    private TwinsProcess? _twins;
    private TwinsRest? _rest;

    /// <summary>The ACL rules of the documentation.</summary>
    public static string[] Rules { get; } = ["on", $">{Password}", "~twins/*", "&*", "+@all", "-@dangerous", "+info", "+config|get"];

    public RedisProcess Redis => _redis!;

    public TwinsRest Rest => _rest!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts both, once.</summary>
    public async Task StartAsync()
    {
        if (_twins is not null)
        {
            return;
        }

        _redis = await RedisProcess.StartWith("--requirepass", "administrator");
        await AddUserAsync();
        _twins = await TwinsProcess.Start(new TwinsSettings
        {
            DataDirectory = _folder.In("data"),
            Redis = $"{_redis.ConnectionString},user={User},password={Password}",
            More = new Dictionary<string, string>(StringComparer.Ordinal) { ["Twins:Store:Durability"] = "Require" },
        });
        _rest = new TwinsRest(_twins.Url);
    }

    public Task StartRedisAgainAsync() => StartRedisAgainAsync([]);

    /// <param name="settings">Further arguments of redis-server.</param>
    public async Task StartRedisAgainAsync(params string[] settings)
    {
        await Redis.StartAgainWith(["--requirepass", "administrator", .. settings]);
        await AddUserAsync();
    }

    public void ShowIfFailed()
    {
        if (_twins is not null)
        {
            TestOutput.ShowIfFailed(_twins);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _rest?.Dispose();
        if (_twins is not null)
        {
            await _twins.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task AddUserAsync() => Redis.Ask(["acl", "setuser", User, .. Rules]);
}
