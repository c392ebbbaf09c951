using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Twins.Api.Commands;
using Twins.Api.Dashboard;
using Twins.Api.Events;
using Twins.Api.Health;
using Twins.Api.Http;
using Twins.Api.Live;
using Twins.Api.Problems;
using Twins.Api.Swagger;
using Twins.Api.Twins;
using Twins.Contracts.Query;
using Twins.Silo.Health;
using Twins.Silo.Hosting;
using Twins.Silo.Telemetry;

namespace Twins.Api.Hosting;

/// <summary>What the API is made of, apart from the grains.</summary>
internal static class ApiServices
{
    /// <summary>Kestrel's own 8 KiB would not hold a cursor and a filter.</summary>
    private const int MaxRequestLineBytes = 128 * 1024;

    /// <summary>Adds the API's services.</summary>
    public static void AddTwinsApi(this WebApplicationBuilder builder, TwinsOptions options)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;

            // A filter stands in the address, where a character may take three; what is too long for a filter is then refused in words.
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
            var descriptors = kestrel.ApplicationServices.GetRequiredService<FileDescriptors>();
            kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => connection =>
            {
                if (descriptors.TryAccept(FileDescriptors.HttpReserve))
                {
                    return next(connection);
                }

                connection.Abort();
                return Task.CompletedTask;
            }));
        });

        services.AddExceptionHandler<UnhandledExceptions>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            json.SerializerOptions.Converters.Add(new UtcTimeConverter());
        });

        services.AddSingleton(new Origins([.. options.Api.CorsOrigins]));
        services.AddTwinsCors(options.Api.CorsOrigins);
        services.AddCompressedLists();
        services.AddHostProblem();
        services.TryAddSingleton<FilterCache>();
        services.AddSingleton<QueryAdmission>();
        services.AddSingleton<TwinReader>();
        services.AddSingleton<CommandWait>();
        services.AddSingleton<EventHub>();
        services.AddSingleton<EventHubLifetime>();
        services.AddHostedService(provider => provider.GetRequiredService<EventHubLifetime>());
        services.AddSingleton<LiveFeeds>();

        // A client that does not answer a ping is gone; 15 s are below the idle timeouts that proxies come with.
        services.Configure<WebSocketOptions>(sockets => (sockets.KeepAliveInterval, sockets.KeepAliveTimeout) = (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15)));
        services.AddReadiness().AddCheck<GrainsHealthCheck>("twins", tags: [Readiness.Tag]);
        builder.AddTwinsTelemetry(
            metrics => metrics.AddAspNetCoreInstrumentation().AddPrometheusExporter(),
            traces => traces.AddAspNetCoreInstrumentation());
        services.AddTwinsSwagger();
        if (options.Dashboard.IsServed())
        {
            services.AddDashboardDoor();
        }
    }
}
