using MQTTnet.Formatter;
using Twins.Silo.Health;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Broker;

/// <summary>States how a broker link is, for health details and metrics. Used by one loop at a time.</summary>
/// <param name="name">The name of the link.</param>
/// <param name="states">Where it is shown.</param>
/// <param name="metrics">Counts failures.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokerLinkStatus(string name, LinkStates states, TwinsMetrics metrics, TimeProvider time)
{
    private LinkHealth _now = states.Set(new LinkHealth(name, Connected: false, Standby: false, Protocol: null, time.GetUtcNow(), Error: null, ErrorAt: null));

    /// <summary>States that another silo holds the link.</summary>
    public void Standby() => Set(_now with { Connected = false, Standby = true, Protocol = null, Error = null, ErrorAt = null });

    /// <summary>States that the link is connected and subscribed.</summary>
    public void Connected(MqttProtocolVersion version) => Set(_now with { Connected = true, Standby = false, Protocol = BrokerProtocol.NameOf(version) });

    /// <summary>States that the link is no longer connected, without an error: this silo gave it up.</summary>
    public void Closed() => Set(_now with { Connected = false, Standby = false, Protocol = null });

    /// <summary>States that the link did not connect, or lost its connection.</summary>
    public void Failed(BrokerRefusal refusal)
    {
        metrics.BrokerFailed(name, refusal.Label);
        Set(_now with { Connected = false, Standby = false, Protocol = null, Error = refusal.Text, ErrorAt = time.GetUtcNow() });
    }

    private void Set(LinkHealth next)
    {
        var moved = next.Connected != _now.Connected || next.Standby != _now.Standby;
        _now = states.Set(moved ? next with { Since = time.GetUtcNow() } : next);
    }
}
