using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;

namespace Twins.Silo.Links.Broker;

/// <summary>How MQTTnet's client gets its TCP connection: as by itself, but through a <see cref="BufferedChannel"/>.</summary>
/// <param name="open">Puts itself between the connection and the client.</param>
internal sealed class BrokerChannels(Func<IMqttChannelAdapter, IMqttChannelAdapter> open) : IMqttClientAdapterFactory
{
    public IMqttChannelAdapter CreateClientAdapter(MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
    {
        var formatter = new MqttPacketFormatterAdapter(options.ProtocolVersion, new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
        return open(new MqttChannelAdapter(new BufferedChannel(new MqttTcpChannel(options)), formatter, logger) { PacketInspector = packetInspector });
    }
}
