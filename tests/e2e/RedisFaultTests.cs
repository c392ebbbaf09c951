using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Twins.Tests.Harness;

namespace Twins.EndToEnd.Tests;

/// <summary>While Redis fails, <c>/health/ready</c> names the fault within two seconds; when it works again, nothing has to be restarted.</summary>
public sealed class RedisFaultTests(RedisFaultFixture fixture) : IClassFixture<RedisFaultFixture>, IAsyncLifetime
{
    /// <summary>Two seconds, and one for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan NoticeTimeout = TimeSpan.FromSeconds(3);

    private RedisProcess Redis => fixture.Redis;

    private TwinsRest Rest => fixture.Rest;

    public async ValueTask InitializeAsync()
    {
        Require.Components(Component.Redis, Component.RedisCli);
        await fixture.StartAsync();
    }

    [Fact]
    public Task Full_memory_is_store_full() => IsNamedAsync(
        "store-full",
        () => Redis.Ask("config", "set", "maxmemory", "1"),
        () => Redis.Ask("config", "set", "maxmemory", "0"));

    [Fact]
    public Task Replica_is_store_read_only() => IsNamedAsync(
        "store-read-only",
        () => Redis.Ask("replicaof", "127.0.0.1", $"{Loopback.FreePort()}"),
        () => Redis.Ask("replicaof", "no", "one"));

    [Fact]
    public Task Missing_replicas_are_store_read_only() => IsNamedAsync(
        "store-read-only",
        () => Redis.Ask("config", "set", "min-replicas-to-write", "1"),
        () => Redis.Ask("config", "set", "min-replicas-to-write", "0"));

    [Fact]
    public Task Missing_permission_is_store_denied() => IsNamedAsync(
        "store-denied",
        () => Redis.Ask("acl", "setuser", RedisFaultFixture.User, "-@write"),
        () => Redis.Ask(["acl", "setuser", RedisFaultFixture.User, .. RedisFaultFixture.Rules]));

    [Fact]
    public Task Changed_password_is_store_denied() => IsNamedAsync(
        "store-denied",
        async () =>
        {
            await Redis.Ask("acl", "setuser", RedisFaultFixture.User, "resetpass", ">other");
            await Redis.Ask("client", "kill", "user", RedisFaultFixture.User);

            // At first the connection is only lost; the client gives up its first command after 5 s.
            await IsNotReadyAsync("store-unreachable", NoticeTimeout);
            await IsNotReadyAsync("store-denied", Eventually.Deadline);
        },
        () => Redis.Ask("acl", "setuser", RedisFaultFixture.User, "resetpass", $">{RedisFaultFixture.Password}"));

    [Fact]
    public Task Paused_clients_are_store_unreachable() => IsNamedAsync(
        "store-unreachable",
        () => Redis.Ask("client", "pause", "8000"),

        // It ends alone; a paused Redis takes no command that would end it.
        () => Task.CompletedTask);

    [Fact]
    public Task Suspended_Redis_is_store_unreachable() => IsNamedAsync(
        "store-unreachable",
        Redis.Pause,
        () =>
        {
            Redis.Resume();
            return Task.CompletedTask;
        });

    [Fact]
    public Task Killed_Redis_is_store_unreachable() => IsNamedAsync(
        "store-unreachable",
        Redis.Kill,
        fixture.StartRedisAgainAsync);

    [Fact]
    public async Task Redis_that_is_no_longer_durable_is_store_not_durable()
    {
        await Redis.Stop();
        await fixture.StartRedisAgainAsync("--appendfsync", "everysec");
        var detail = await IsNotReadyAsync("store-not-durable", Eventually.Deadline);
        Assert.Contains("appendfsync is everysec; set appendfsync always in Redis", detail, StringComparison.Ordinal);
        (await Rest.Get("/health/live")).Expect(HttpStatusCode.OK);

        await Redis.Ask("config", "set", "appendfsync", "always");
        await WorksAsync();
    }

    public ValueTask DisposeAsync()
    {
        fixture.ShowIfFailed();
        return ValueTask.CompletedTask;
    }

    private async Task IsNamedAsync(string code, Func<Task> inflict, Func<Task> heal)
    {
        await WorksAsync();
        try
        {
            await inflict();
            await IsNotReadyAsync(code, NoticeTimeout);
            (await Rest.Get("/health/live")).Expect(HttpStatusCode.OK);

            // It stays so, whatever the client does meanwhile.
            var watch = Stopwatch.StartNew();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (watch.Elapsed < TimeSpan.FromSeconds(3) && await timer.WaitForNextTickAsync())
            {
                Assert.Contains($"store: {code}: ", await ReadyDetailAsync(), StringComparison.Ordinal);
            }
        }
        finally
        {
            await heal();
        }

        await WorksAsync();
    }

    private async Task<string> IsNotReadyAsync(string code, TimeSpan deadline)
    {
        var detail = "";
        await Eventually.Is(
            async () => (detail = await ReadyDetailAsync()).Contains($"store: {code}: ", StringComparison.Ordinal),
            $"/health/ready to name {code}",
            deadline);
        return detail;
    }

    /// <summary>Empty if it is ready.</summary>
    private async Task<string> ReadyDetailAsync()
    {
        var answer = await Rest.Get("/health/ready");
        if (answer.Status == HttpStatusCode.OK)
        {
            return "";
        }

        var problem = answer.Expect(HttpStatusCode.ServiceUnavailable)!;
        Assert.Equal("not-ready", (string?)problem["code"]);
        return (string)problem["detail"]!;
    }

    private async Task WorksAsync()
    {
        await Eventually.Is(async () => await ReadyDetailAsync() == "", "the platform to be ready");
        var value = $"{Guid.NewGuid():N}";
        await Eventually.Passes(async () => Assert.InRange((int)(await Rest.Put("/twins/a", new JsonObject { ["tags"] = new JsonObject { ["v"] = value } }.ToJsonString())).Status, 200, 201));
        Assert.Equal(value, (string?)(await Rest.Twin("a"))["tags"]!["v"]);
    }
}
