using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Twins.Api.Tests;

/// <summary>The program with a silo of its own and a dashboard, on a real Kestrel.</summary>
public sealed class DashboardFixture : IAsyncDisposable
{
    internal const string Username = "op";
    internal const string Password = "pä:ss wörd";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("twins-dashboard-");
    private readonly DashboardFactory _factory;

    public DashboardFixture()
    {
        _factory = new DashboardFactory(_folder.FullName);
        _factory.UseKestrel();
        _factory.StartServer();
        var address = Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    internal IServiceProvider Services => _factory.Services;

    /// <summary>To it, without credentials.</summary>
    internal HttpClient Http { get; }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _factory.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
