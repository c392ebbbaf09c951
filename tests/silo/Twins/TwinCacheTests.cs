using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Core.Internal;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;
using Twins.Silo.Links;
using Twins.Silo.Membership;
using Twins.Silo.Tests.Harness;
using Twins.Silo.Twins;
using Xunit;

namespace Twins.Silo.Tests.Twins;

[Collection("silo")]
public sealed class TwinCacheTests(SiloFixture silo)
{
    private static readonly TimeSpan s_probe = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeCluster _cluster = new();

    private ITwinCache Cache => silo.Services.GetRequiredService<ITwinCache>();

    [Fact]
    public async Task Every_read_sees_the_writes_that_were_acknowledged_before()
    {
        var id = silo.NewId();
        await silo.Twin(id).Write(Messages.Put("""{"desired":{"n":0}}"""));
        var (acknowledged, finds, done) = (0, 0, false);
        var reading = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref done))
            {
                var least = Volatile.Read(ref acknowledged);
                var found = Cache.Find(id);
                finds += found is null ? 0 : 1;
                Assert.InRange(Number(found ?? await silo.Twin(id).Get()), least, int.MaxValue);
            }
        })));
        for (var n = 1; n <= 300; n++)
        {
            await silo.Twin(id).Write(Messages.Merge($$"""{"n":{{n}}}""", "desired"));
            Volatile.Write(ref acknowledged, n);
        }

        Volatile.Write(ref done, true);
        await reading;
        await silo.Twin(id).Get();
        Assert.Equal(300, Number(Cache.Find(id)));
        Assert.NotEqual(0, finds);
    }

    [Fact]
    public async Task Deleted_twin_is_not_found()
    {
        var id = await Read();
        await silo.Twin(id).Delete(null);
        Assert.Null(Cache.Find(id));
    }

    [Fact]
    public async Task Twin_that_has_left_memory_is_not_found()
    {
        var id = await Read();
        await silo.Twin(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        await Eventually.Is(() => Cache.Find(id) is null, "the answer to be removed");
    }

    [Fact]
    public async Task Twin_whose_write_failed_is_not_found()
    {
        var id = await Read();
        using (silo.Storage.Break(id, () => new StoreException(StoreFault.Full, "full")))
        {
            await Assert.ThrowsAsync<TwinUnavailableException>(() => silo.Twin(id).Write(Messages.Merge("""{"n":1}""", "desired")));
            Assert.Null(Cache.Find(id));
        }
    }

    [Fact]
    public void Silo_that_stood_still_finds_nothing_until_it_knows_that_it_is_a_member()
    {
        var pulse = new Pulse(_time, s_probe);
        var cache = NewCache(pulse);
        pulse.Beat();
        cache.Keep(View("a"), new TwinState());
        Assert.NotNull(cache.Find("a"));

        _time.Advance(s_probe * 2);
        Assert.Null(cache.Find("a"));

        pulse.Beat();
        Assert.NotNull(cache.Find("a"));
    }

    [Fact]
    public void Twin_whose_device_was_on_a_silo_that_died_is_not_found()
    {
        var other = FakeCluster.Silo(2);
        _cluster.Set(other, SiloStatus.Active);
        var cache = NewCache(new Pulse(_time, s_probe));
        cache.Keep(View("a"), Online(new LinkAddress(LinkNames.Gateway, other.ToParsableString())));
        Assert.NotNull(cache.Find("a"));

        _cluster.Set(other, SiloStatus.Dead);
        Assert.Null(cache.Find("a"));
    }

    [Fact]
    public void Twin_whose_device_was_silent_for_too_long_is_not_found()
    {
        var cache = NewCache(new Pulse(_time, s_probe), new TwinsOptions { Devices = new DevicesOptions { InactivityTimeout = TimeSpan.FromMinutes(1) } });
        cache.Keep(View("a"), Online(new LinkAddress("plant", "")));
        Assert.NotNull(cache.Find("a"));

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(cache.Find("a"));
    }

    [Fact]
    public void Answers_are_limited()
    {
        var cache = NewCache(new Pulse(_time, s_probe));
        for (var i = 0; i <= TwinCache.Capacity; i++)
        {
            cache.Keep(View($"{i}"), new TwinState());
        }

        Assert.DoesNotContain(Enumerable.Range(0, TwinCache.Capacity), i => cache.Find($"{i}") is not null);
        cache.Keep(View("a"), new TwinState());
        Assert.NotNull(cache.Find("a"));
    }

    private static TwinView View(string id) => new(id, 1, "{}"u8.ToArray());

    private static int Number(TwinView? view) => (int)JsonNode.Parse(Encoding.UTF8.GetString(view!.Document))!["desired"]!["n"]!;

    private TwinState Online(LinkAddress address) =>
        new() { Revision = 1, Exists = true, Connection = new TwinConnection { Online = true, Address = address, LastSeen = _time.GetUtcNow() } };

    private TwinCache NewCache(Pulse pulse, TwinsOptions? options = null) =>
        new(pulse, new LinkTable(silo.Grains, _cluster, _cluster, _time, NullLogger<LinkTable>.Instance), Options.Create(options ?? new TwinsOptions()), _time);

    private async Task<string> Read()
    {
        var id = silo.NewId();
        await silo.Twin(id).Write(Messages.Put("""{"desired":{"n":0}}"""));
        await silo.Twin(id).Get();
        Assert.NotNull(Cache.Find(id));
        return id;
    }
}
