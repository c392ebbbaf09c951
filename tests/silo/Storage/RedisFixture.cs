using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>A real Redis for the tests of a class.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisProcess? _redis;

    public RedisProcess Redis => _redis ?? throw new InvalidOperationException("a test that needs Redis must be skipped if it is missing");

    public async ValueTask InitializeAsync()
    {
        if (Component.Redis.Path is not null)
        {
            _redis = await RedisProcess.Start();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }
}
