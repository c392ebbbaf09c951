using System.Net;
using Twins.Silo.Hosting;

namespace Twins.Api.Hosting;

/// <summary>Where the API listens.</summary>
internal static class ListenAddress
{
    /// <summary>Loopback, unless <c>urls</c> says otherwise.</summary>
    private const string Default = "http://127.0.0.1:8080";

    /// <summary>
    /// Applies the default, and refuses what is taken or would be open to others. Nothing but <c>urls</c> moves it:
    /// a container image that sets <c>HTTP_PORTS</c> for all its programs must not open this one to the network.
    /// </summary>
    /// <exception cref="StartupRefusedException">An address is taken, malformed, or open to others without credentials.</exception>
    public static void ListenOnLoopbackByDefault(this WebApplicationBuilder builder, TwinsOptions options)
    {
        var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey];
        if (string.IsNullOrWhiteSpace(urls))
        {
            urls = Default;
            builder.WebHost.UseUrls(Default);
        }

        foreach (var url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (address, port) = Parse(url);
            StartupChecks.Exposure(options, "urls", address, hasCredentials: false);
            StartupChecks.PortIsFree("urls", "the REST API", address, port);
        }
    }

    private static (IPAddress Address, int Port) Parse(string url)
    {
        try
        {
            var parsed = BindingAddress.Parse(url);
            var address = parsed.Host switch
            {
                "localhost" => IPAddress.Loopback,
                // Kestrel listens on all addresses for any name that is no address.
                var host => IPAddress.TryParse(host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any,
            };
            return (address, parsed.Port);
        }
        catch (FormatException exception)
        {
            throw new StartupRefusedException($"urls holds \"{url}\", which is no address to listen on; write for example http://127.0.0.1:8080.", exception);
        }
    }
}
