using Microsoft.AspNetCore.ResponseCompression;

namespace Twins.Api.Http;

/// <summary>
/// Compresses the answers that can be long, if the caller accepts it: lists, groups, and the description of the API. A single twin is
/// smaller than what compression would cost its reader, and streams would be delayed.
/// </summary>
internal static class CompressedLists
{
    /// <summary>Adds the services.</summary>
    public static void AddCompressedLists(this IServiceCollection services) => services.AddResponseCompression(compression =>
    {
        compression.Providers.Add<BrotliCompressionProvider>();
        compression.Providers.Add<GzipCompressionProvider>();
        compression.MimeTypes = [MediaTypes.Json, "text/html", "text/javascript", "text/css"];

        // BREACH needs a secret and a text of the attacker in one answer; these answers have no secret.
        compression.EnableForHttps = true;
    });

    /// <summary>Adds the compression to the pipeline.</summary>
    public static void UseCompressedLists(this WebApplication app) => app.UseWhen(
        context => IsLong(context.Request.Path.Value ?? string.Empty),
        lists => lists.UseResponseCompression());

    private static bool IsLong(string path) =>
        path is "/twins" or "/twins/" or "/twins/aggregate" or "/dead-letters" || path.StartsWith("/swagger", StringComparison.Ordinal);
}
