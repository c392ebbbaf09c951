using System.Globalization;
using MQTTnet.Diagnostics.Logger;

namespace Twins.Silo.Links.Gateway;

/// <summary>What MQTTnet says, in our log: at most as a warning, for a client that errs is no error of ours.</summary>
internal sealed partial class GatewayLibraryLog(ILogger logger) : IMqttNetLogger
{
    public bool IsEnabled => logger.IsEnabled(LogLevel.Debug);

    public void Publish(MqttNetLogLevel logLevel, string source, string message, object[]? parameters, Exception? exception)
    {
        if (logLevel < MqttNetLogLevel.Warning || !IsEnabled)
        {
            return;
        }

        Said(exception, source, parameters is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, message, parameters) : message);
    }

    [LoggerMessage(LogEvents.GatewayLibrary, LogLevel.Debug, "{Source}: {Text}")]
    private partial void Said(Exception? exception, string source, string text);
}
