using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Twins.Silo.Health;
using Xunit;

namespace Twins.Silo.Tests.Health;

public sealed class ReadinessTests : IDisposable
{
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly ServiceProvider _services;
    private readonly Readiness _readiness;
    private HealthCheckResult _store = HealthCheckResult.Healthy("the store answers");
    private int _asked;

    public ReadinessTests()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IHostApplicationLifetime>(_lifetime);
        services.AddReadiness()
            .AddCheck("store", () => Ask(_store), tags: [Readiness.Tag])
            .AddCheck("of no account", () => Ask(HealthCheckResult.Unhealthy()));
        _services = services.BuildServiceProvider();
        _readiness = _services.GetRequiredService<Readiness>();
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task It_is_ready_between_start_and_end_while_the_checks_hold()
    {
        Assert.Equal("starting", await Code());
        Assert.False(_readiness.HasStarted);

        _lifetime.NotifyStarted();
        Assert.Null(await Code());
        Assert.Equal("the store answers", (await Look()).Checks["store"]);

        _store = HealthCheckResult.Unhealthy("the store does not answer", new IOException("secret"));
        var notReady = (await Look()).Problem!;
        Assert.Equal((503, "not-ready", "not ready: store: the store does not answer"), (notReady.Status, notReady.Code, notReady.Detail));

        _store = HealthCheckResult.Healthy();
        _lifetime.StopApplication();
        Assert.Equal("draining", await Code());
        Assert.True(_readiness.IsDraining);
    }

    [Fact]
    public async Task Links_are_shown_and_do_not_decide()
    {
        _lifetime.NotifyStarted();
        Assert.Empty((await Look()).Links);

        var links = _services.GetRequiredService<LinkStates>();
        links.Set(new LinkHealth("plant", Connected: false, Standby: false, Protocol: null, DateTimeOffset.UnixEpoch, "nothing listens there", DateTimeOffset.UnixEpoch));
        links.Set(new LinkHealth("barn", Connected: true, Standby: false, Protocol: "5", DateTimeOffset.UnixEpoch, Error: null, ErrorAt: null));

        var report = await Look();
        Assert.Null(report.Problem);
        Assert.Equal(["barn", "plant"], report.Links.Select(link => link.Name));
    }

    [Fact]
    public async Task What_is_known_is_not_looked_up()
    {
        await Code();
        _lifetime.NotifyStarted();
        _lifetime.StopApplication();
        await Code();

        Assert.Equal(0, _asked);
    }

    private HealthCheckResult Ask(HealthCheckResult result)
    {
        _asked++;
        return result;
    }

    private Task<ReadinessReport> Look() => _readiness.Look(TestContext.Current.CancellationToken);

    private async Task<string?> Code() => (await Look()).Problem?.Code;
}
