using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Twins.Silo.Storage.Redis;
using Xunit;

namespace Twins.Silo.Tests.Storage;

public sealed class RedisStateStoreTests(RedisFixture fixture) : StateStoreTests, IClassFixture<RedisFixture>
{
    public override ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Component.Redis.Path is null, Component.Redis.Missing);
        return base.InitializeAsync();
    }

    [Fact]
    public async Task Provider_of_Orleans_reads_and_follows_what_is_written()
    {
        var provider = Host.Services.GetRequiredKeyedService<IGrainStorage>(RedisStateProvider.Name);
        foreach (var key in new[] { StateKey.Twin("shared"), StateKey.Session("shared/with:signs +#") })
        {
            Assert.True(await WriteAsync(key, "", "1", "mine"));
            var grain = GrainId.Create(key.Kind.ToString(), key.Id);
            var theirs = new GrainState<RedisStateProvider.StoredBytes>();
            await provider.ReadStateAsync("state", grain, theirs);
            Assert.Equal(("1", "mine"), (theirs.ETag, Encoding.UTF8.GetString(theirs.State!.Data.Span)));

            theirs.State = new RedisStateProvider.StoredBytes { Data = Encoding.UTF8.GetBytes("theirs") };
            await provider.WriteStateAsync("state", grain, theirs);

            Assert.Equal("theirs", Text(await Store.ReadAsync(key)));
            Assert.False(await WriteAsync(key, "1", "2"));
            Assert.True(await WriteAsync(key, theirs.ETag!, "3", "mine again"));
            await Assert.ThrowsAsync<InconsistentStateException>(() => provider.WriteStateAsync("state", grain, theirs));
        }
    }

    private protected override TwinsOptions NewOptions()
    {
        // Each store has keys of its own.
        var options = new TwinsOptions { DeadLetters = SmallLimits() };
        options.Store.Redis = fixture.Redis.ConnectionString;
        options.Cluster.ServiceId = Guid.NewGuid().ToString("N");
        return options;
    }

    /// <summary>The key holds something else than a hash.</summary>
    private protected override async Task<StateKey> NewUnwritableKeyAsync()
    {
        var key = StateKey.Twin("unwritable");
        var database = await Host.Services.GetRequiredService<RedisConnection>().DatabaseAsync();
        await database.StringSetAsync(Host.Services.GetRequiredService<RedisKeys>().Of(key), "not a hash");
        return key;
    }
}
