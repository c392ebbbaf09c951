using Twins.Silo.Hosting;

namespace Twins.Api.Hosting;

/// <summary>What a person sees when the platform is up.</summary>
internal static partial class Greeting
{
    /// <summary>Says where everything is, once it is there.</summary>
    public static void SayWhenReady(this WebApplication app, TwinsOptions options) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var gateway = options.Mqtt.Gateway;
        Ready(
            app.Logger,
            string.Join(", ", app.Urls),
            OwnAddress.Of(app.Urls, "/swagger"),
            options.Api.Silo != ApiSiloMode.Embedded || !gateway.Enabled ? "off"
                : gateway.Port != 0 ? $"mqtt://{gateway.Address}:{gateway.Port}" : $"mqtts://{gateway.Address}:{gateway.TlsPort}",
            options.Store.Redis.Length > 0 ? "Redis" : Path.GetFullPath(options.Store.DataDirectory));
    });

    [LoggerMessage(ApiLogEvents.Ready, LogLevel.Information, "Twins is ready. REST {Rest} (try {Page}), MQTT {Mqtt}, data in {Data}.")]
    private static partial void Ready(ILogger logger, string rest, string page, string mqtt, string data);
}
