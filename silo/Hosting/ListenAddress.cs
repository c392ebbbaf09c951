using System.Net;
using Microsoft.AspNetCore.Http;

namespace Twins.Silo.Hosting;

/// <summary>Where HTTP listens.</summary>
public static class ListenAddress
{
    /// <summary>The setting: ASP.NET Core's own.</summary>
    private const string Setting = "urls";

    /// <summary>
    /// What <c>urls</c> says, or a default on loopback; refuses what is taken or would be open to others. Nothing but
    /// <c>urls</c> moves it: a container image that sets <c>HTTP_PORTS</c> for all its programs must not open this one
    /// to the network.
    /// </summary>
    /// <param name="configuration">Where <c>urls</c> stands.</param>
    /// <param name="options">The settings.</param>
    /// <param name="what">What would listen, for the sentence.</param>
    /// <param name="byDefault">Where it listens when nothing is said.</param>
    /// <returns>The addresses, with <c>;</c> between them.</returns>
    /// <exception cref="StartupRefusedException">An address is taken, malformed, or open to others without credentials.</exception>
    public static string Of(IConfiguration configuration, TwinsOptions options, string what, string byDefault)
    {
        var urls = configuration[Setting] is { } set && !string.IsNullOrWhiteSpace(set) ? set : byDefault;
        foreach (var url in urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var (address, port) = Parse(url, byDefault);
            StartupChecks.Exposure(options, Setting, address, hasCredentials: false);
            StartupChecks.PortIsFree(Setting, what, address, port);
        }

        return urls;
    }

    private static (IPAddress Address, int Port) Parse(string url, string example)
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
            throw new StartupRefusedException($"urls holds \"{url}\", which is no address to listen on; write for example {example}.", exception);
        }
    }
}
