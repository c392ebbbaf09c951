using System.Net;
using Microsoft.AspNetCore.HostFiltering;
using Twins.Api.Problems;

namespace Twins.Api.Hosting;

/// <summary>
/// The <c>Host</c> names that are answered: ASP.NET Core's <c>AllowedHosts</c>, by default the names of this machine if REST listens on
/// loopback only. This refuses DNS rebinding: a page whose host name resolves to a loopback address.
/// </summary>
internal static class AllowedHosts
{
    private const string Setting = "AllowedHosts";

    private const string LoopbackNames = "localhost;127.0.0.1;[::1]";

    /// <summary>Sets the default.</summary>
    public static void DefaultToLoopback(IConfigurationManager configuration, string urls)
    {
        if (configuration[Setting] is null && Array.TrueForAll(urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), IsLoopback))
        {
            configuration[Setting] = LoopbackNames;
        }
    }

    /// <summary>Gives refused requests an answer that names the setting.</summary>
    public static void AddHostProblem(this IServiceCollection services)
    {
        services.Configure<HostFilteringOptions>(static hosts => hosts.IncludeFailureMessage = false);

        // The first filter is the outermost one; ASP.NET Core's own, which refuses, has been added already.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter>(new ProblemFilter()));
    }

    private static bool IsLoopback(string url)
    {
        var host = BindingAddress.Parse(url).Host;
        return host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }

    private sealed class ProblemFilter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, rest) =>
            {
                await rest(context);
                if (context.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false, ContentType: null })
                {
                    await RequestProblems.HostNotAllowed(context.Request.Host.Value ?? string.Empty).ToResult().ExecuteAsync(context);
                }
            });
            next(app);
        };
    }
}
