using MQTTnet.Packets;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// MQTTnet closes a connection that it has not had a packet from for one and a half times the keep-alive. A device that
/// publishes need not ping (MQTT-3.1.2-23), and its publishes do not come to MQTTnet: a ping in their stead says that
/// it is there.
/// </summary>
internal sealed partial class GatewayChannel
{
    /// <summary>A third of the shortest time after which MQTTnet closes: 1.5 times a keep-alive of 1 s.</summary>
    private static readonly TimeSpan SignEvery = TimeSpan.FromMilliseconds(500);

    private long _lastPassed;
    private int _ownSigns;

    /// <summary>A ping for MQTTnet, where it has had nothing for a while.</summary>
    private MqttPingReqPacket? SignOfLife()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_lastPassed, now) < SignEvery)
        {
            return null;
        }

        _lastPassed = now;
        Interlocked.Increment(ref _ownSigns);
        return MqttPingReqPacket.Instance;
    }

    /// <summary>Whether MQTTnet's answer is to such a ping, and not for the device.</summary>
    private bool AnswersOwnSign()
    {
        var signs = Volatile.Read(ref _ownSigns);
        while (signs > 0)
        {
            var seen = Interlocked.CompareExchange(ref _ownSigns, signs - 1, signs);
            if (seen == signs)
            {
                return true;
            }

            signs = seen;
        }

        return false;
    }
}
