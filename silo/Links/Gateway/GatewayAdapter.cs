using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;
using MQTTnet.Server.Internal.Adapter;

namespace Twins.Silo.Links.Gateway;

/// <summary>MQTTnet's TCP listener, with each connection seen through a <see cref="GatewayChannel"/>.</summary>
/// <param name="open">Wraps a connection.</param>
/// <param name="closed">Is called when a connection has ended.</param>
/// <param name="accepts">Returns whether another connection can be accepted; otherwise it is closed at once.</param>
internal sealed class GatewayAdapter(Func<IMqttChannelAdapter, GatewayChannel> open, Action<GatewayChannel> closed, Func<bool> accepts) : IMqttServerAdapter
{
    private readonly MqttTcpServerAdapter _tcp = new();

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        _tcp.ClientHandler = Handle;
        return _tcp.StartAsync(options, logger);
    }

    public Task StopAsync() => _tcp.StopAsync();

    public void Dispose() => _tcp.Dispose();

    private async Task Handle(IMqttChannelAdapter channel)
    {
        if (!accepts())
        {
            channel.Dispose();
            return;
        }

        var opened = open(channel);
        try
        {
            await (ClientHandler?.Invoke(opened) ?? Task.CompletedTask);
        }
        finally
        {
            closed(opened);
        }
    }
}
