using MQTTnet.Packets;

namespace Twins.Simulators.Mqtt;

/// <summary>Whether the other side is still there, and whether it knows that this side is.</summary>
internal sealed partial class ClientSession
{
    // A ping takes part of the keep-alive to be answered and the beat is a second, so not at the last moment.
    private const double QuietShare = 0.8;

    private TimeSpan _keepAlive;
    private long _lastSent;
    private long _lastReceived;
    private long _pinged;

    /// <summary>Pings a quiet connection and ends a dead one; called every second.</summary>
    public void CheckHealth()
    {
        lock (_gate)
        {
            if (_connection is not { } connection || _frozen || IsTakingTime)
            {
                return;
            }

            var now = _engine.Scheduler.Now;
            if (Age(OldestSend(now), now) > Options.AcknowledgeTimeout)
            {
                _engine.Troubles.Report("unacknowledged", $"{Options.Broker} did not acknowledge a message within {Options.AcknowledgeTimeout.TotalSeconds:0.#} s; connecting anew");
                connection.Dispose();
                return;
            }

            ForgetDuplicates(now);
            if (_keepAlive == TimeSpan.Zero)
            {
                return;
            }

            if (_pinged != 0)
            {
                if (Age(_pinged, now) > _keepAlive / 2)
                {
                    _engine.Troubles.Report("ping-unanswered", $"{Options.Broker} does not answer pings; connecting anew");
                    connection.Dispose();
                }
            }
            else if (_engine.Scheduler.Between(Math.Min(_lastSent, Volatile.Read(ref _lastReceived)), now) > _keepAlive * QuietShare)
            {
                // Quiet in one direction is enough: who only sends, at QoS 0, hears nothing from a server that is gone.
                _pinged = _lastSent = now;
                Observe(connection.SendAsync(MqttPingReqPacket.Instance), connection);
            }
        }
    }

    private void BeginHealth(MqttConnAckPacket answer)
    {
        _lastSent = _lastReceived = _engine.Scheduler.Now;
        _pinged = 0;
        _keepAlive = answer.ServerKeepAlive > 0 ? TimeSpan.FromSeconds(answer.ServerKeepAlive) : Options.KeepAlive;
    }

    private long OldestSend(long now)
    {
        var oldest = now;
        foreach (var (_, message) in _inFlight)
        {
            oldest = Math.Min(oldest, message.LastSent);
        }

        return oldest;
    }

    // An answer that waited behind what this side was slow to read is not the server's delay.
    private TimeSpan Age(long since, long now) => _engine.Scheduler.Between(Math.Max(since, _tookTime), now);

    // A server that takes both copies for one message acknowledges one; its identifier must not be lost for good.
    private void ForgetDuplicates(long now)
    {
        if (_duplicates.Count == 0)
        {
            return;
        }

        foreach (var (id, sent) in _duplicates)
        {
            if (!_inFlight.ContainsKey(id) && Age(sent, now) > Options.AcknowledgeTimeout)
            {
                // Removing while enumerating is allowed since .NET Core 3.0.
                _duplicates.Remove(id);
            }
        }

        Pump();
    }
}
