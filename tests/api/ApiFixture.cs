using Microsoft.AspNetCore.Mvc.Testing;
using Twins.Api.Tests.Fakes;

namespace Twins.Api.Tests;

/// <summary>The API as it is, on a real Kestrel, with the grains in memory.</summary>
public sealed class ApiFixture : IDisposable
{
    private readonly ApiFactory _factory;
    private int _nextId;

    public ApiFixture()
    {
        _factory = new ApiFactory(Grains);
        _factory.UseKestrel(0);
        _factory.StartServer();
    }

    internal FakeGrains Grains { get; } = new();

    internal IServiceProvider Services => _factory.Services;

    /// <summary>Where it listens.</summary>
    internal Uri Address => _factory.ClientOptions.BaseAddress;

    internal ApiClient Client => new(_factory.CreateClient(
        new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, BaseAddress = Address }));

    /// <summary>An id that no other test has.</summary>
    internal string NewId(string start = "test:pump-") => start + Interlocked.Increment(ref _nextId);

    public void Dispose() => _factory.Dispose();
}
