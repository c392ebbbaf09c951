namespace Twins.Api.Http;

/// <summary>What caches may do with answers (RFC 9111, 5.2.2).</summary>
internal static class CacheControl
{
    /// <summary>Of what has an ETag: may be kept, and must be compared before each use.</summary>
    public const string Revalidate = "no-cache";

    /// <summary>Of everything else.</summary>
    public const string Never = "no-store";

    /// <summary>Of streams: a proxy that compresses would keep each event back until the next one.</summary>
    public const string Stream = "no-cache, no-store, no-transform";

    /// <summary>Sets <see cref="Never"/> for all answers that do not set their own.</summary>
    public static void UseCacheControl(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.Headers.CacheControl = Never;
        return next(context);
    });
}
