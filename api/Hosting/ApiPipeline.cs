using Twins.Api.Commands;
using Twins.Api.Dashboard;
using Twins.Api.DeadLetters;
using Twins.Api.Events;
using Twins.Api.Health;
using Twins.Api.Http;
using Twins.Api.Live;
using Twins.Api.Problems;
using Twins.Api.Sections;
using Twins.Api.Swagger;
using Twins.Api.Twins;
using Twins.Silo.Hosting;

namespace Twins.Api.Hosting;

/// <summary>The way of a request through the API.</summary>
internal static class ApiPipeline
{
    /// <summary>Sets up middleware and routes.</summary>
    public static void UseTwinsApi(this WebApplication app, TwinsOptions options)
    {
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(BareStatusCodes.Write);
        app.UseCacheControl();
        if (options.Api.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }

        app.UseRequestChecks();
        app.UseCompressedLists();
        app.UseNotYet();
        app.UseWriteAdmission();
        app.UseTwinsSwagger();
        app.UseWebSockets();

        if (options.Dashboard.IsServed())
        {
            app.MapDashboard();
        }

        app.MapTwins();
        app.MapSections();
        app.MapCommands();
        app.MapEvents();
        app.MapLive();
        app.MapDeadLetters();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint();
        app.MapGet("/", () => Results.Redirect("/swagger")).ExcludeFromDescription();
    }
}
