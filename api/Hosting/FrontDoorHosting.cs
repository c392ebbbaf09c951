using Twins.Silo.Hosting;

namespace Twins.Api.Hosting;

/// <summary>Puts <see cref="FrontDoor"/> where ASP.NET Core has its web server.</summary>
internal static class FrontDoorHosting
{
    /// <summary>Where REST listens when nothing else is said.</summary>
    private const string DefaultUrls = "http://127.0.0.1:8080";

    /// <summary>What runs the web server; ASP.NET Core does not show the type.</summary>
    private const string ServerService = "GenericWebHostService";

    /// <summary>Listens where <c>urls</c> says, by default on loopback, from before the rest of the process starts.</summary>
    /// <exception cref="StartupRefusedException">An address is taken, malformed, or open to others without credentials.</exception>
    public static void UseFrontDoor(this WebApplicationBuilder builder, TwinsOptions options)
    {
        var urls = ListenAddress.Of(builder.Configuration, options, "the REST API", DefaultUrls);
        builder.WebHost.UseUrls(urls);
        AllowedHosts.DefaultToLoopback(builder.Configuration, urls);

        // The web server is added when the application is built, and that is the last look at what it is made of.
        builder.Host.UseServiceProviderFactory(context => new ServiceProviderFactory(context.HostingEnvironment.IsDevelopment()));
    }

    private sealed class ServiceProviderFactory(bool development) : IServiceProviderFactory<IServiceCollection>
    {
        private readonly DefaultServiceProviderFactory _own = new(new ServiceProviderOptions { ValidateScopes = development, ValidateOnBuild = development });

        public IServiceCollection CreateBuilder(IServiceCollection services)
        {
            for (var i = 0; i < services.Count; i++)
            {
                if (services[i].ServiceType == typeof(IHostedService) && services[i].ImplementationType is { Name: ServerService } server)
                {
                    services[i] = ServiceDescriptor.Singleton<IHostedService>(provider => new FrontDoor(
                        (IHostedService)ActivatorUtilities.CreateInstance(provider, server), provider.GetRequiredService<TimeProvider>()));
                    return _own.CreateBuilder(services);
                }
            }

            throw new InvalidOperationException($"ASP.NET Core has no {ServerService}; the order in which the process starts and stops would be another.");
        }

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => _own.CreateServiceProvider(containerBuilder);
    }
}
