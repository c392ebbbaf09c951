using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Twins.Contracts.Storage;
using Twins.Contracts.Twins;
using Twins.Silo.Links;

namespace Twins.Api.Tests;

public sealed class StoreFaultTests : IDisposable
{
    private readonly ApiFixture _api = new(TimeProvider.System, builder => builder.UseSetting("Twins:Limits:QueueMiB", "1"));
    private readonly ApiClient _client;

    public StoreFaultTests()
    {
        _client = _api.Client;
        _api.Grains.Seed("pump");
    }

    public void Dispose() => _api.Dispose();

    [Theory]
    [InlineData(StoreFault.Full, 507, "store-full")]
    [InlineData(StoreFault.ReadOnly, 503, "store-read-only")]
    [InlineData(StoreFault.Failed, 503, "store-failed")]
    [InlineData(StoreFault.Unreachable, 503, "store-unreachable")]
    [InlineData(StoreFault.OutOfDescriptors, 503, "store-out-of-descriptors")]
    [InlineData(StoreFault.Verifying, 503, "store-verifying")]
    public async Task Fault_of_the_store_has_its_status_and_code(StoreFault fault, int status, string code)
    {
        foreach (var failure in new Exception[]
        {
            new StoreException(fault, "secret"),
            new TwinUnavailableException("secret") { Fault = fault },
            new InvalidOperationException("secret", new TwinUnavailableException("secret", new StoreException(fault, "secret"))),
        })
        {
            _api.Grains.Failure = failure;
            foreach (var answer in new[]
            {
                await _client.Put("/twins/pump", "{}"),
                await _client.Patch("/twins/pump", "{}"),
                await _client.Delete("/twins/pump"),
                await _client.Put("/twins/pump/tags", "{}"),
                await _client.Post("/twins/pump/commands/ping", null),
                await _client.Get("/twins/pump"),
            })
            {
                answer.IsProblem(status, code);
                Assert.Equal("1", answer.Header("Retry-After"));
                Assert.DoesNotContain("secret", answer.Body, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Damaged_twin_is_503_without_Retry_After()
    {
        _api.Grains.Failure = new TwinUnavailableException("damaged") { Fault = StoreFault.TwinDamaged };
        foreach (var answer in new[]
        {
            await _client.Get("/twins/pump"),
            await _client.Get("/twins/pump/tags"),
            await _client.Get("/twins/pump/reported/rpm"),
            await _client.Patch("/twins/pump", "{}"),
            await _client.Put("/twins/pump/desired", "{}"),
            await _client.Delete("/twins/pump/tags/a"),
            await _client.Get("/twins/pump/commands"),
            await _client.Post("/twins/pump/commands/ping", null),
            await _client.Get("/twins/pump/events"),
        })
        {
            Assert.Equal(503, answer.Status);
            Assert.Equal("twin-damaged", (string?)answer.Json["code"]);
            Assert.Null(answer.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task Writes_are_429_when_the_queue_is_used_up()
    {
        var budget = _api.Services.GetRequiredService<QueueBudget>();
        Assert.True(budget.TryTake(1024 * 1024, "test"));
        foreach (var answer in new[]
        {
            await _client.Put("/twins/pump", "{}"),
            await _client.Patch("/twins/pump/tags", "{}"),
            await _client.Post("/twins/pump/commands/ping", null),
        })
        {
            answer.IsProblem(429, "overloaded");
        }

        (await _client.Get("/twins/pump")).Is(200);
        (await _client.Delete("/twins/pump")).Is(204);

        budget.Return(1024 * 1024);
        (await _client.Put("/twins/pump", "{}")).Is(201);
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task Command_that_waits_for_its_device_takes_no_queue()
    {
        var twin = _api.Grains.Seed("waiting");
        var budget = _api.Services.GetRequiredService<QueueBudget>();
        var sent = new TaskCompletionSource();
        twin.OnSent = _ => sent.SetResult();
        var waiting = _client.Post("/twins/waiting/commands/ping?timeout=2s", null);
        await sent.Task;

        var deadline = TimeProvider.System.GetTimestamp();
        while (budget.Used > 0 && TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(1.5))
        {
            await Task.Yield();
        }

        Assert.Equal(0, budget.Used);
        (await waiting).Is(504);
    }

    [Fact]
    public async Task Writing_routes_describe_a_full_store()
    {
        var swagger = JsonNode.Parse((await _client.Get("/swagger/v1/swagger.json")).Body)!;
        foreach (var (path, methods) in swagger["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject().Where(pair => pair.Key is "put" or "patch" or "post"))
            {
                Assert.NotNull(operation!["responses"]!["507"]);
                Assert.True(operation["responses"]!["429"] is not null, $"{method} {path}");
            }
        }
    }
}
