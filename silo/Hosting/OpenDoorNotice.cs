using Microsoft.Extensions.Options;

namespace Twins.Silo.Hosting;

/// <summary>Says at every start that everybody may connect, where somebody has written that.</summary>
internal sealed partial class OpenDoorNotice(IOptions<TwinsOptions> options, ILogger<OpenDoorNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Security.Anonymous == AnonymousAccess.Everywhere)
        {
            OpenToEverybody();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogEvents.OpenToEverybody, LogLevel.Warning, "Twins:Security:Anonymous is Everywhere: whoever reaches this machine may use what asks for no credentials. Of REST, and of a gateway without users, that is every twin, to read and to write.")]
    private partial void OpenToEverybody();
}
