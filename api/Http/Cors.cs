using Twins.Api.Commands;

namespace Twins.Api.Http;

/// <summary>Cross-origin requests of pages, as <c>Twins:Api:CorsOrigins</c> allows them.</summary>
internal static class Cors
{
    /// <summary>Headers of answers that a page may read beyond those that every page may.</summary>
    private static readonly string[] s_exposed = ["ETag", "Location", "Content-Location", "Retry-After", "Accept", "Accept-Patch", "Preference-Applied", SeenWrites.Header];

    private static readonly string[] s_accepted = ["Content-Type", "If-Match", "If-None-Match", "Prefer", "Last-Event-ID", "Authorization", IdempotencyKey.Header, SeenWrites.Header];

    private static readonly TimeSpan s_preflightAge = TimeSpan.FromHours(1);

    /// <summary>Adds the policy.</summary>
    public static void AddTwinsCors(this IServiceCollection services, IEnumerable<string> origins) => services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
        .WithOrigins([.. origins])
        .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders(s_accepted)
        .WithExposedHeaders(s_exposed)
        .SetPreflightMaxAge(s_preflightAge)));
}
