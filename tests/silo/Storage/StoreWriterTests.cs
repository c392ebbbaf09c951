using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StackExchange.Redis;
using Twins.Silo.Storage;
using Twins.Silo.Tests.Harness;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Storage;

[Collection("silo")]
public sealed class StoreWriterTests(SiloFixture silo)
{
    private readonly StoreWriter _writer = silo.Services.GetRequiredService<StoreWriter>();

    [Fact]
    public async Task Of_two_that_follow_the_same_state_one_is_stored()
    {
        var key = NewKey();
        Assert.True(await Write(key, "", "1"));
        var contested = Enumerable.Range(0, 500).Select(i => Write(key, "1", $"2-{i}")).ToArray();

        Assert.Single(await Task.WhenAll(contested), stored => stored);
    }

    [Fact]
    public async Task What_conflicts_and_what_can_not_be_written_leaves_the_others_alone()
    {
        var database = await silo.Services.GetRequiredService<StoreConnection>().Database();
        var wrong = NewKey();
        await database.StringSetAsync(wrong, "not a hash");
        var keys = Enumerable.Range(0, 300).Select(_ => NewKey()).ToArray();

        var stored = keys.Select(key => Write(key, "", "1")).ToArray();
        var failed = Write(wrong, "", "1");
        var conflicts = Write(NewKey(), "of another", "1");

        // Not before they are stored: two batches are under way at once, in whatever order.
        Assert.All(await Task.WhenAll(stored), Assert.True);
        var behind = keys.Select(key => Write(key, "", "too late")).ToArray();
        await Assert.ThrowsAsync<RedisServerException>(() => failed);
        Assert.False(await conflicts);
        Assert.All(await Task.WhenAll(behind), Assert.False);
        Assert.Equal("1", (string?)await database.HashGetAsync(keys[^1], "etag"));
    }

    [Fact]
    public async Task Orleans_own_provider_reads_and_follows_what_is_written_here_and_the_other_way_round()
    {
        var id = GrainId.Create("twin", silo.NewId());
        var batching = silo.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Twins);
        var single = silo.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Single);
        var mine = new GrainState<TwinState>(new TwinState { Revision = 1 });
        await batching.WriteStateAsync("twin", id, mine);

        var theirs = new GrainState<TwinState>();
        await single.ReadStateAsync("twin", id, theirs);
        Assert.Equal((1L, mine.ETag), (theirs.State!.Revision, theirs.ETag));
        theirs.State = new TwinState { Revision = 2 };
        await single.WriteStateAsync("twin", id, theirs);

        mine.State = new TwinState { Revision = 3 };
        await Assert.ThrowsAsync<InconsistentStateException>(() => batching.WriteStateAsync("twin", id, mine));
        await batching.ReadStateAsync("twin", id, mine);
        Assert.Equal((2L, theirs.ETag), (mine.State!.Revision, mine.ETag));
    }

    private static RedisKey NewKey() => $"test/{Guid.NewGuid():N}";

    private Task<bool> Write(RedisKey key, string known, string next)
    {
        var write = new StoreWrite(key, known, next, Encoding.UTF8.GetBytes("{}"));
        _writer.Add(write);
        return write.Done;
    }
}
