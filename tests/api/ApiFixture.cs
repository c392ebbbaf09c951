using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Twins.Api.Tests.Fakes;

namespace Twins.Api.Tests;

/// <summary>The API as it is, on a real Kestrel, with the grains in memory.</summary>
public sealed class ApiFixture : IDisposable
{
    private readonly ApiFactory _factory;
    private int _nextId;

    public ApiFixture()
        : this(TimeProvider.System)
    {
    }

    internal ApiFixture(TimeProvider time, Action<IWebHostBuilder>? more = null)
    {
        _factory = new ApiFactory(Grains, time, more);
        _factory.UseKestrel();
        _factory.StartServer();
    }

    internal FakeGrains Grains { get; } = new();

    internal IServiceProvider Services => _factory.Services;

    /// <summary>Where it listens.</summary>
    internal Uri Address => new(_factory.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    internal ApiClient Client => new(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address });

    /// <summary>An id that no other test has.</summary>
    internal string NewId(string start = "test:pump-") => start + Interlocked.Increment(ref _nextId);

    public void Dispose() => _factory.Dispose();
}
