using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Twins.Api.Dashboard;

/// <summary>Says at every start that the dashboard's password goes over the network in clear, where it does.</summary>
internal sealed partial class DashboardNotice(IServer server, IHostApplicationLifetime lifetime, ILogger<DashboardNotice> logger) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Look);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Look()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses.Where(IsOpenAndClear))
        {
            InClear(address);
        }
    }

    private static bool IsOpenAndClear(string address)
    {
        var parsed = BindingAddress.Parse(address);
        return parsed.Scheme == Uri.UriSchemeHttp && parsed.Host != "localhost"
            && !(IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }

    [LoggerMessage(ApiLogEvents.DashboardInClear, LogLevel.Warning, "The dashboard is reachable beyond this machine at {Address} without TLS: its password goes over the network in clear. Put a proxy with TLS in front, or listen on 127.0.0.1.")]
    private partial void InClear(string address);
}
