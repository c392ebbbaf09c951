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
internal sealed class ApiFactory(FakeGrains grains, TimeProvider time) : WebApplicationFactory<EventHub>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Twins:Api:Silo", nameof(ApiSiloMode.None));
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Twins:Api:EventBuffer", "100");
        builder.UseSetting("Twins:Api:WatchMembers", "20");
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services => services.AddSingleton<IGrainFactory>(grains).AddSingleton(time));
    }
}
