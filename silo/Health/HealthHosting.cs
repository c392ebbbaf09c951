using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;
using Twins.Silo.Hosting;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Health;

/// <summary>Puts health into a host.</summary>
public static class HealthHosting
{
    /// <summary>Where a silo without REST tells how it is, when nothing else is said.</summary>
    private const string DefaultUrls = "http://127.0.0.1:8081";

    /// <summary>Adds <see cref="Readiness"/>. What must hold is added by whoever brings it.</summary>
    /// <param name="services">The process.</param>
    public static IHealthChecksBuilder AddReadiness(this IServiceCollection services)
    {
        services.TryAddSingleton<LinkStates>();
        services.AddSingleton<Readiness>();
        return services.AddHealthChecks();
    }

    /// <summary>What a silo looks at: its membership, and its store.</summary>
    internal static void AddSiloChecks(this IServiceCollection services) => services.AddHealthChecks()
        .AddCheck<MembershipCheck>("membership", tags: [Readiness.Tag, Readiness.KnownTag])
        .AddCheck<StoreCheck>("store", tags: [Readiness.Tag, Readiness.KnownTag]);

    /// <summary>
    /// Gives a silo without REST an HTTP front of its own, at <c>urls</c>: <c>/health/live</c>, <c>/health/ready</c> and
    /// <c>/metrics</c>. It listens before anything else has started, and until everything else has ended.
    /// </summary>
    /// <param name="builder">The silo's process.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="StartupRefusedException">An address is taken, malformed, or open to others without credentials.</exception>
    public static void AddHealthFront(this IHostApplicationBuilder builder, TwinsOptions options)
    {
        var urls = ListenAddress.Of(builder.Configuration, options, "the silo's health front", DefaultUrls);
        if (urls.Contains("https:", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupRefusedException($"urls holds \"{urls}\", and the silo's health front does not speak TLS; write for example {DefaultUrls}.");
        }

        builder.Services.AddReadiness();
        builder.AddTwinsTelemetry(metrics => metrics.AddPrometheusExporter());
        builder.Services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<HealthFront>(provider, urls));
    }
}
