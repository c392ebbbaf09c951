using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Twins.Silo.Telemetry;

/// <summary>What the process tells of itself, by OpenTelemetry.</summary>
public static class TelemetryHosting
{
    /// <summary>OpenTelemetry's own setting (OTLP exporter specification): where a collector listens.</summary>
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Combinations of tags that one instrument tells apart; what is beyond goes into one. Room for them is taken at
    /// start, so OpenTelemetry's 2,000 would be tens of megabytes.
    /// </summary>
    private const int MostTagSets = 200;

    /// <summary>
    /// Adds metrics, and where a collector is named also traces: these cost with each message and have nowhere else to
    /// go.
    /// </summary>
    /// <param name="builder">The process.</param>
    /// <param name="moreMetrics">What this process measures beyond a silo's.</param>
    /// <param name="moreTraces">What it traces beyond.</param>
    public static void AddTwinsTelemetry(this IHostApplicationBuilder builder, Action<MeterProviderBuilder>? moreMetrics = null, Action<TracerProviderBuilder>? moreTraces = null)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("twins"))
            .WithMetrics(metrics =>
            {
                metrics.AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MostTagSets });
                metrics.AddMeter(TwinsMetrics.MeterName).AddMeter("Microsoft.Orleans").AddRuntimeInstrumentation();
                moreMetrics?.Invoke(metrics);
            });
        if (builder.Traces())
        {
            telemetry.WithTracing(traces =>
            {
                traces.AddSource(TwinsTracing.SourceName).AddSource("Microsoft.Orleans.*");
                moreTraces?.Invoke(traces);
            });
            telemetry.UseOtlpExporter();
        }
    }

    /// <summary>Whether anybody wants traces.</summary>
    internal static bool Traces(this IHostApplicationBuilder builder) => !string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]);
}
