using MQTTnet.Packets;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// MQTTnet closes a connection that it has not had a packet from for one and a half times the keep-alive. A device that
/// publishes need not ping (MQTT-3.1.2-23), and its publishes do not come to MQTTnet: a ping in their stead says that
/// it is there. While the connection is not read because a publish has no room, nobody can know whether the device is there: the pings
/// go on, so that a store that fails costs no connection.
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

        return OwnSign();
    }

    private MqttPingReqPacket OwnSign()
    {
        _lastPassed = time.GetTimestamp();
        Interlocked.Increment(ref _ownSigns);
        return MqttPingReqPacket.Instance;
    }

    /// <summary>Returns true when there is room, and false if MQTTnet must have a ping before.</summary>
    private async ValueTask<bool> HasRoomAsync(Task room)
    {
        if (_connect is { KeepAlivePeriod: > 0 and var seconds })
        {
            try
            {
                // A third of the time after which MQTTnet closes.
                await room.WaitAsync(TimeSpan.FromSeconds(seconds * 0.5), time);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }

        await room;
        return true;
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
