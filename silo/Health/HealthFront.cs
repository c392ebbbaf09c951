using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Metrics;
using Twins.Contracts.Json;

namespace Twins.Silo.Health;

/// <summary>
/// The HTTP of a silo without REST. A web application of its own within the process, because it has to answer while
/// the rest of the process starts, and while it ends.
/// </summary>
/// <param name="urls">Where it listens.</param>
/// <param name="readiness">What it tells.</param>
/// <param name="metrics">What it serves at <c>/metrics</c>.</param>
/// <param name="loggers">The log of the process.</param>
internal sealed class HealthFront(string urls, Readiness readiness, MeterProvider metrics, ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(urls).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        var app = _app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], Live);
        app.MapMethods("/health/ready", [HttpMethods.Get, HttpMethods.Head], Ready);
        await app.StartAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private static Task Live(HttpContext context) => Answer(context, new ReadinessReport(null, new Dictionary<string, string>(StringComparer.Ordinal)));

    private async Task Ready(HttpContext context) => await Answer(context, await readiness.Look(context.RequestAborted));

    /// <summary>As the REST API spells it: RFC 9457 where it is a problem.</summary>
    private static async Task Answer(HttpContext context, ReadinessReport report)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        response.ContentType = report.Problem is null ? "application/json" : "application/problem+json";
        if (report.Problem is { } problem)
        {
            response.StatusCode = problem.Status;
            response.Headers.RetryAfter = "1";
        }

        await using var json = new Utf8JsonWriter(response.BodyWriter, JsonText.WriterOptions);
        json.WriteStartObject();
        if (report.Problem is { } told)
        {
            ProblemJson.WriteMembers(json, told);
        }
        else
        {
            json.WriteString("status"u8, "healthy"u8);
            json.WriteStartObject("checks"u8);
            foreach (var (name, found) in report.Checks)
            {
                json.WriteString(name, found);
            }

            json.WriteEndObject();
            if (report.Links.Count > 0)
            {
                json.WritePropertyName("links"u8);
                JsonSerializer.Serialize(json, report.Links, JsonSerializerOptions.Web);
            }
        }

        json.WriteEndObject();
    }
}
