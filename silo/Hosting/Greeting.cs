namespace Twins.Silo.Hosting;

/// <summary>What a person sees when a silo without an API is up.</summary>
internal static partial class Greeting
{
    /// <summary>Says where everything is, once it is there.</summary>
    public static void SayWhenReady(this IHost host, TwinsOptions options)
    {
        var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Twins.Silo");
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => Ready(
            logger,
            options.Store.Redis.Length > 0 ? $"{options.Cluster.Address}:{options.Cluster.SiloPort}" : "alone",
            options.Store.Redis.Length > 0 ? "Redis" : Path.GetFullPath(options.Store.DataDirectory)));
    }

    [LoggerMessage(LogEvents.Ready, LogLevel.Information, "The silo is ready ({Cluster}), data in {Data}.")]
    private static partial void Ready(ILogger logger, string cluster, string data);
}
