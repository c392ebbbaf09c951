using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;
using MQTTnet.Server.Internal.Adapter;

namespace Twins.Silo.Links.Gateway;

/// <summary>MQTTnet's TCP listener, with each connection seen through a <see cref="GatewayChannel"/>.</summary>
internal sealed class GatewayAdapter(Func<IMqttChannelAdapter, GatewayChannel> open, Action<GatewayChannel> closed) : IMqttServerAdapter
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
