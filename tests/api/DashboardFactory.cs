using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Twins.Api.Events;

namespace Twins.Api.Tests;

/// <summary>The whole program with a silo of its own, for what needs one: the dashboard asks Orleans, not twins.</summary>
internal sealed class DashboardFactory(string folder) : WebApplicationFactory<EventHub>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting("Twins:Mqtt:Gateway:Enabled", "false");
        builder.UseSetting("Twins:Store:DataDirectory", folder);
        builder.UseSetting("Twins:Store:MemoryMiB", "16");
        builder.UseSetting("Twins:Dashboard:Username", DashboardFixture.Username);
        builder.UseSetting("Twins:Dashboard:Password", DashboardFixture.Password);
        builder.ConfigureLogging(logging => logging.ClearProviders());
    }
}
