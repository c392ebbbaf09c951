using System.Text;
using CsCheck;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>What every store promises; run for each implementation.</summary>
public abstract class StateStoreTests : IAsyncLifetime
{
    private const int Contenders = 500;

    private readonly List<StoreHost> _hosts = [];

    /// <summary>An open store of this test alone.</summary>
    private protected IStateStore Store => _hosts[0].Store;

    private protected StoreHost Host => _hosts[0];

    public virtual async ValueTask InitializeAsync() => await OpenAsync(NewOptions());

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the settings of a store that is empty.</summary>
    private protected abstract TwinsOptions NewOptions();

    /// <summary>Returns the key of a twin that cannot be written.</summary>
    private protected abstract Task<StateKey> NewUnwritableKeyAsync();

    [Fact]
    public async Task Write_with_known_etag_is_stored_once()
    {
        var key = StateKey.Twin("contested");
        Assert.True(await WriteAsync(key, "", "1"));
        var contested = Enumerable.Range(0, Contenders).Select(i => WriteAsync(key, "1", $"2-{i}")).ToArray();

        var stored = await Task.WhenAll(contested);

        Assert.Single(stored, won => won);
        Assert.Equal($"2-{Array.IndexOf(stored, true)}", (await Store.ReadAsync(key))!.ETag);
    }

    [Fact]
    public async Task First_write_is_stored_once()
    {
        foreach (var key in new[] { StateKey.Twin("new"), StateKey.Session("new") })
        {
            Assert.Single(await Task.WhenAll(Enumerable.Range(0, Contenders).Select(i => WriteAsync(key, "", $"1-{i}"))), won => won);
        }
    }

    [Fact]
    public async Task Write_with_other_etag_changes_nothing()
    {
        foreach (var key in new[] { StateKey.Twin("a"), StateKey.Session("a") })
        {
            Assert.False(await WriteAsync(key, "of another", "1"));
            Assert.Null(await Store.ReadAsync(key));
            Assert.True(await WriteAsync(key, "", "1", "first"));
            Assert.False(await WriteAsync(key, "", "2"));
            Assert.False(await WriteAsync(key, "2", "3"));
            Assert.Equal("first", Text(await Store.ReadAsync(key)));
        }
    }

    [Fact]
    public async Task Failed_writes_leave_the_others_of_a_batch_alone()
    {
        var wrong = await NewUnwritableKeyAsync();
        var keys = Enumerable.Range(0, 300).Select(i => StateKey.Twin($"twin-{i}")).ToArray();

        var before = keys[..150].Select(key => WriteAsync(key, "", "1")).ToArray();
        var failed = WriteAsync(wrong, "", "1");
        var conflict = WriteAsync(StateKey.Twin("other"), "of another", "1");
        var after = keys[150..].Select(key => WriteAsync(key, "", "1")).ToArray();

        Assert.All(await Task.WhenAll([.. before, .. after]), Assert.True);
        Assert.False(await conflict);
        await Assert.ThrowsAsync<Contracts.Storage.StoreException>(() => failed);
        Assert.All(await Store.ReadAsync(keys), state => Assert.Equal("1", state!.ETag));
    }

    [Fact]
    public async Task Read_returns_states_in_the_order_of_keys()
    {
        var twin = StateKey.Twin("same-id");
        var session = StateKey.Session("same-id");
        await WriteAsync(twin, "", "1", "twin");
        await WriteAsync(session, "", "1", "session");

        var states = await Store.ReadAsync([session, StateKey.Twin("missing"), twin, session, StateKey.Session("missing")]);

        Assert.Equal(["session", null, "twin", "session", null], states.Select(Text));
        Assert.Empty(await Store.ReadAsync([]));
        Assert.Null(await Store.ReadAsync(StateKey.Twin("missing")));
    }

    [Fact]
    public async Task Large_state_is_read_as_written()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789abcdef", 16_384));
        await WriteAsync(StateKey.Twin("large"), "", "1", text);

        Assert.Equal(text, Text(await Store.ReadAsync(StateKey.Twin("large"))));
    }

    [Fact]
    public async Task Delete_with_known_etag_removes_the_state()
    {
        foreach (var key in new[] { StateKey.Twin("gone"), StateKey.Session("gone") })
        {
            await WriteAsync(key, "", "1");
            Assert.False(await Store.DeleteAsync(key, "2"));
            Assert.NotNull(await Store.ReadAsync(key));
            Assert.True(await Store.DeleteAsync(key, "1"));
            Assert.Null(await Store.ReadAsync(key));
            Assert.True(await WriteAsync(key, "", "3"));
        }

        Assert.Equal(["gone"], await Store.ListTwinsAsync(after: null, 10));
    }

    [Fact]
    public async Task Twins_are_listed_in_order_without_deleted_ones()
    {
        string[] ids = ["b", "a:1", "a.1", "Z", "a-1", "a", "a_1", "0", "b1"];
        foreach (var id in ids)
        {
            await WriteAsync(StateKey.Twin(id), "", "1");
        }

        await WriteAsync(StateKey.Twin("a"), "1", "2d", exists: false);
        await WriteAsync(StateKey.Session("c"), "", "1");
        string[] expected = [.. ids.Where(id => id != "a").Order(StringComparer.Ordinal)];

        Assert.Equal(expected, await Store.ListTwinsAsync(after: null, 100));
        Assert.Equal(expected[..3], await Store.ListTwinsAsync(after: null, 3));
        Assert.Equal(expected[3..6], await Store.ListTwinsAsync(expected[2], 3));
        Assert.Equal(expected[1..], await Store.ListTwinsAsync("1", 100));
        Assert.Empty(await Store.ListTwinsAsync(expected[^1], 100));

        await WriteAsync(StateKey.Twin("a"), "2d", "3");
        Assert.Contains("a", await Store.ListTwinsAsync(after: null, 100));
    }

    [Fact]
    public async Task Shards_return_each_existing_twin_exactly_once()
    {
        var ids = Enumerable.Range(0, 300).Select(i => $"twin-{i}").ToArray();
        await Task.WhenAll(ids.Select(id => WriteAsync(StateKey.Twin(id), "", "1", id)));
        await Task.WhenAll(ids[..50].Select(id => WriteAsync(StateKey.Twin(id), "1", "2d", exists: false)));
        var found = new List<string>();
        for (var shard = 0; shard < TwinShards.Count; shard++)
        {
            string? after = null;
            do
            {
                var page = await Store.ReadShardAsync(shard, after, limit: 3);
                Assert.InRange(page.Twins.Length, 0, 3);
                Assert.All(page.Twins, twin => Assert.Equal((shard, twin.Id), (TwinShards.Of(twin.Id), Encoding.UTF8.GetString(twin.Data.Span))));
                found.AddRange(page.Twins.Select(twin => twin.Id));
                after = page.Next;
            }
            while (after is not null);
        }

        Assert.Equal(ids[50..].Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Expired_session_is_gone_and_can_be_replaced()
    {
        var key = StateKey.Session("short");
        Assert.True(await WriteAsync(key, "", "1", expiry: TimeSpan.FromMilliseconds(30)));
        await Eventually.Is(async () => await Store.ReadAsync(key) is null, "the session to expire");

        Assert.False(await WriteAsync(key, "1", "2"));
        Assert.True(await WriteAsync(key, "", "3", "anew", expiry: TimeSpan.FromHours(1)));
        Assert.Equal("anew", Text(await Store.ReadAsync(key)));
    }

    [Fact]
    public async Task Session_written_again_gets_the_later_expiry()
    {
        var key = StateKey.Session("renewed");
        await WriteAsync(key, "", "1", expiry: TimeSpan.FromSeconds(1));
        Assert.True(await WriteAsync(key, "1", "2", expiry: TimeSpan.FromHours(1)));
        await WriteAsync(StateKey.Session("other"), "", "1", expiry: TimeSpan.FromSeconds(1));
        await Eventually.Is(async () => await Store.ReadAsync(StateKey.Session("other")) is null, "the other session to expire");

        Assert.NotNull(await Store.ReadAsync(key));
    }

    [Fact]
    public async Task Dead_letters_are_listed_newest_first()
    {
        for (var i = 1; i <= 5; i++)
        {
            await AddDeadLetterAsync(i, i % 2 == 0 ? null : "a");
        }

        Assert.Equal([5, 4, 3, 2, 1], await ListDeadLettersAsync(before: null, 10));
        Assert.Equal([5, 4], await ListDeadLettersAsync(before: null, 2));
        Assert.Equal([3, 2], await ListDeadLettersAsync(before: 4, 2));
        Assert.Empty(await ListDeadLettersAsync(before: 1, 2));
    }

    [Fact]
    public async Task Dead_letters_beyond_the_capacity_are_removed()
    {
        for (var i = 1; i <= Capacity + 3; i++)
        {
            await AddDeadLetterAsync(i, $"twin-{i}");
        }

        Assert.Equal(Enumerable.Range(4, Capacity).Reverse(), await ListDeadLettersAsync(before: null, 100));
    }

    [Fact]
    public async Task Dead_letters_of_one_twin_leave_those_of_others()
    {
        await AddDeadLetterAsync(1, "quiet");
        await AddDeadLetterAsync(2, null);
        for (var i = 3; i < 30; i++)
        {
            await AddDeadLetterAsync(i, "noisy");
        }

        Assert.Equal([29, 28, 27, 2, 1], await ListDeadLettersAsync(before: null, 100));
    }

    [Fact]
    public async Task Sets_hold_each_member_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Store.AddToSetAsync("set", $"member {i % 4}")));
        await Store.AddToSetAsync("other", "x");
        await Store.RemoveFromSetAsync("set", "member 1");
        await Store.RemoveFromSetAsync("set", "missing");

        Assert.Equal(["member 0", "member 2", "member 3"], (await Store.ListSetAsync("set")).Order(StringComparer.Ordinal));
        Assert.Equal(["x"], await Store.ListSetAsync("other"));
        Assert.Empty(await Store.ListSetAsync("missing"));
    }

    [Fact]
    public async Task Counter_never_returns_a_value_twice()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, Contenders).Select(_ => Store.IncrementAsync("counter")));

        Assert.Equal(Enumerable.Range(1, Contenders).Select(i => (long)i), values.Order());
        Assert.Equal(1, await Store.IncrementAsync("other"));
        Assert.Equal(11, await Store.IncrementAsync("other", by: 10));
    }

    [Fact]
    public async Task Counter_continues_above_a_number()
    {
        Assert.Equal(5, await Store.IncrementAsync("counter", by: 5));
        Assert.Equal(1010, await Store.IncrementAsync("counter", by: 10, above: 1000));
        Assert.Equal(1011, await Store.IncrementAsync("counter", above: 1000));
    }

    [Fact]
    public async Task Store_that_takes_writes_says_so()
    {
        await Store.CheckWritableAsync();

        Assert.True(Store.IsVerified);
    }

    [Fact]
    public Task Random_operations_match_the_model() => StoreOperation.Sequences.SampleAsync(
        async operations =>
        {
            var options = NewOptions();
            var model = new StoreModel();
            var host = await StoreHost.OpenAsync(options);
            try
            {
                foreach (var operation in operations)
                {
                    if (operation.Kind == StoreOperationKind.Reopen)
                    {
                        await host.DisposeAsync();
                        host = await StoreHost.OpenAsync(options);
                        await model.AssertIsAsync(host.Store);
                    }
                    else
                    {
                        await model.ApplyAsync(operation, host.Store);
                    }
                }

                await model.AssertIsAsync(host.Store);
            }
            finally
            {
                await host.DisposeAsync();
            }
        },
        iter: 60,
        threads: 2);

    private protected static int Capacity => StoreModel.Capacity;

    /// <summary>Limits that tests can reach.</summary>
    private protected static DeadLettersOptions SmallLimits() => new() { Capacity = StoreModel.Capacity, CapacityPerTwin = StoreModel.CapacityPerTwin };

    private protected static string? Text(StoredState? state) => state is null ? null : Encoding.UTF8.GetString(state.Data.Span);

    private protected Task<bool> WriteAsync(StateKey key, string known, string next, string text = "{}", bool exists = true, TimeSpan? expiry = null) =>
        Store.WriteAsync(StoreModel.Write(key, known, next, text, exists, expiry));

    private async Task OpenAsync(TwinsOptions options) => _hosts.Add(await StoreHost.OpenAsync(options));

    private Task AddDeadLetterAsync(int number, string? twin) => Store.AddDeadLetterAsync(StoreModel.DeadLetter(number, twin));

    private async Task<IEnumerable<int>> ListDeadLettersAsync(int? before, int limit) => Array.ConvertAll(
        await Store.ListDeadLettersAsync(before is { } number ? StoreModel.DeadLetterId(number) : null, limit),
        StoreModel.NumberOf);
}
