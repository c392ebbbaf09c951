using MQTTnet.Formatter;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// Chooses the MQTT version of a link (<c>Twins:Mqtt:Brokers:{n}:Protocol</c>). With <c>Auto</c> it starts with MQTT 5 and falls back to
/// 3.1.1 when the broker refuses the version, or twice closes the connection without an answer to CONNECT. An hour later it tries MQTT 5
/// again, with the next connection. Used by one loop at a time.
/// </summary>
/// <param name="setting">The setting: <see cref="Auto"/>, <see cref="Mqtt5"/> or <see cref="Mqtt311"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokerProtocol(string setting, TimeProvider time)
{
    /// <summary>MQTT 5, or 3.1.1 where the broker does not speak it.</summary>
    public const string Auto = "Auto";

    /// <summary>MQTT 5 only.</summary>
    public const string Mqtt5 = "5";

    /// <summary>MQTT 3.1.1 only.</summary>
    public const string Mqtt311 = "3.1.1";

    /// <summary>After this time MQTT 5 is tried again.</summary>
    private static readonly TimeSpan RetryMqtt5After = TimeSpan.FromHours(1);

    /// <summary>An overloaded broker closes a connection as well: one time is no proof.</summary>
    private const int ClosedTimes = 2;

    private readonly bool _auto = string.Equals(setting, Auto, StringComparison.OrdinalIgnoreCase);
    private MqttProtocolVersion _version = setting == Mqtt311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500;
    private long _fellBackAt;
    private int _closed;

    /// <summary>Gets the version of the next connection.</summary>
    public MqttProtocolVersion Version
    {
        get
        {
            if (_auto && _version == MqttProtocolVersion.V311 && time.GetElapsedTime(_fellBackAt) >= RetryMqtt5After)
            {
                _version = MqttProtocolVersion.V500;
                _closed = 0;
            }

            return _version;
        }
    }

    /// <summary>Returns a version as settings, the log and health details name it.</summary>
    public static string NameOf(MqttProtocolVersion version) => version == MqttProtocolVersion.V311 ? Mqtt311 : Mqtt5;

    /// <summary>Returns whether a text is a value of the setting.</summary>
    public static bool IsSetting(string text) => text is Mqtt5 or Mqtt311 || string.Equals(text, Auto, StringComparison.OrdinalIgnoreCase);

    /// <summary>Notes that the broker accepted a connection.</summary>
    public void Accepted() => _closed = 0;

    /// <summary>Notes that the broker refused a connection.</summary>
    /// <param name="kind">Why.</param>
    /// <returns>Whether to try again soon, and with which version.</returns>
    public BrokerProtocolStep Refused(BrokerRefusalKind kind)
    {
        if (!_auto || kind is not (BrokerRefusalKind.ProtocolVersion or BrokerRefusalKind.ClosedAtConnect))
        {
            return BrokerProtocolStep.Keep;
        }

        if (kind == BrokerRefusalKind.ClosedAtConnect && ++_closed < ClosedTimes)
        {
            return _version == MqttProtocolVersion.V500 ? BrokerProtocolStep.TryAgain : BrokerProtocolStep.Keep;
        }

        _closed = 0;
        if (_version == MqttProtocolVersion.V311)
        {
            // Neither version: it was not the version.
            _version = MqttProtocolVersion.V500;
            return BrokerProtocolStep.Keep;
        }

        _version = MqttProtocolVersion.V311;
        _fellBackAt = time.GetTimestamp();
        return BrokerProtocolStep.FallBack;
    }
}
