using MQTTnet.Adapter;
using MQTTnet.Packets;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// A connection's packets, between the socket and MQTTnet's client. A PUBLISH is handed over here and goes no further:
/// the client would put it into a queue without a bound, and make a dozen objects on the way to its event.
/// </summary>
/// <remarks>
/// While a publish is not taken nothing is read, and the broker's answer to a ping lies behind what is not read. The
/// client takes 10 s without it for a dead broker; so it gets an answer from here, and the broker's goes no further when
/// it comes. A broker that is really dead is noticed as soon as there is something to read again.
/// </remarks>
/// <param name="channel">The socket.</param>
/// <param name="received">Takes a publish; the next packet is read when it returns.</param>
/// <param name="announced">Sees the CONNACK before the client does.</param>
internal sealed class BrokerPackets(IMqttChannelAdapter channel, Func<MqttPublishPacket, CancellationToken, ValueTask> received, Action<MqttConnAckPacket>? announced = null) : PassingChannel(channel)
{
    /// <summary>A publish that is not taken yet.</summary>
    private Task? _held;

    /// <summary>Completes with a ping of the client's; a new one when it has its answer.</summary>
    private volatile TaskCompletionSource _pinged = NewPing();

    /// <summary>Answers of the broker's that the client has had already.</summary>
    private int _answered;

    public override async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_held is { } held)
            {
                if (!held.IsCompleted && await Task.WhenAny(held, _pinged.Task) != held)
                {
                    _pinged = NewPing();
                    _answered++;
                    return new MqttPingRespPacket();
                }

                _held = null;
                await held;
            }

            var packet = await Socket.ReceivePacketAsync(cancellationToken);
            switch (packet)
            {
                case MqttPublishPacket publish:
                    var taking = received(publish, cancellationToken);
                    if (taking.IsCompletedSuccessfully)
                    {
                        taking.GetAwaiter().GetResult();
                    }
                    else
                    {
                        _held = taking.AsTask();
                    }

                    break;
                case MqttPingRespPacket when _answered > 0:
                    _answered--;
                    break;
                case MqttPingRespPacket:
                    _pinged = NewPing();
                    return packet;
                case MqttConnAckPacket connack:
                    announced?.Invoke(connack);
                    return packet;
                default:
                    return packet;
            }
        }
    }

    public override Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttPingReqPacket)
        {
            // Before it is sent: the answer may be quick.
            _pinged.TrySetResult();
        }

        return base.SendPacketAsync(packet, cancellationToken);
    }

    private static TaskCompletionSource NewPing() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
