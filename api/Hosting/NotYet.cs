using Twins.Api.Problems;
using Twins.Contracts;
using Twins.Silo.Health;

namespace Twins.Api.Hosting;

/// <summary>Until the process has reached its twins, whatever needs them is 503.</summary>
internal static class NotYet
{
    private static readonly PathString[] s_always = ["/health", "/metrics", "/swagger"];

    /// <summary>Adds it to the way of a request.</summary>
    public static void UseNotYet(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.Use((context, next) => readiness.HasStarted || Array.Exists(s_always, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
            ? next(context)
            : new Problem(
                StatusCodes.Status503ServiceUnavailable,
                "starting",
                "the platform is starting, or waits for its cluster; nothing was done: try again").ToResult().ExecuteAsync(context));
    }
}
