using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Twins.Api.Events;
using Twins.Api.Tests.Fakes;
using Twins.Silo.Hosting;

namespace Twins.Api.Tests;

/// <summary>Starts the program with the fake in place of a silo. Any type of the API's names its assembly.</summary>
/// <param name="grains">The fake.</param>
/// <param name="time">The clock.</param>
/// <param name="more">What is different in a test; null for nothing.</param>
internal sealed class ApiFactory(FakeGrains grains, TimeProvider time, Action<IWebHostBuilder>? more) : WebApplicationFactory<EventHub>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Twins:Api:Silo", nameof(ApiSiloMode.None));
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Twins:Api:EventBuffer", "100");
        builder.UseSetting("Twins:Api:WatchMembers", "20");
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services => services.AddSingleton<IGrainFactory>(grains).AddSingleton(time));
        more?.Invoke(builder);
    }
}
