using MQTTnet.Packets;

namespace Twins.Silo.Links.Gateway;

/// <summary>Topic aliases of MQTT 5: numbers that stand for topics said before.</summary>
internal sealed partial class GatewayChannel
{
    private readonly Dictionary<ushort, string> _aliases = [];

    /// <summary>Puts the topic where an alias stands for it (MQTT-3.3.2-8 to -12); false for an alias without one.</summary>
    private bool ResolveAlias(MqttPublishPacket publish)
    {
        if (publish.TopicAlias == 0)
        {
            return !string.IsNullOrEmpty(publish.Topic);
        }

        if (!string.IsNullOrEmpty(publish.Topic))
        {
            _aliases[publish.TopicAlias] = publish.Topic;
            return true;
        }

        if (_aliases.TryGetValue(publish.TopicAlias, out var topic))
        {
            publish.Topic = topic;
            return true;
        }

        return false;
    }
}
