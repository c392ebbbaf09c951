using MQTTnet;
using MQTTnet.Formatter;
using Twins.Silo.Hosting;

namespace Twins.Silo.Links.Broker;

/// <summary>How it connects.</summary>
internal sealed partial class BrokerConnection
{
    /// <summary>
    /// Bytes that the system keeps in each direction. MQTTnet's 8 KiB leave a receive window smaller than one segment on
    /// loopback, where TCP then sends five times a second.
    /// </summary>
    private const int SocketBuffer = 256 * 1024;

    /// <summary>
    /// Gets after how many seconds without a connection the broker may end the session. An exclusive link's messages wait at the broker for
    /// as long as the platform is away. Those of a silo that has left a shared link are fetched by another; if none can, they must not wait
    /// for ever.
    /// </summary>
    public uint SessionExpiry => _options.Mode == BrokerLinkMode.Exclusive ? uint.MaxValue : (uint)TimeSpan.FromDays(1).TotalSeconds;

    private MqttClientOptions ClientOptions(string clientId, MqttProtocolVersion version, bool cleanStart = false)
    {
        var uri = new Uri(_options.Uri);
        var secure = uri.Scheme == "mqtts";
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(uri.Host, uri.Port > 0 ? uri.Port : secure ? 8883 : 1883)
            .WithProtocolVersion(version)
            .WithClientId(clientId)
            .WithCleanStart(cleanStart)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(15))
            .WithTimeout(Patience);
        if (version == MqttProtocolVersion.V500 && !cleanStart)
        {
            // In 3.1.1 a session without clean session does not end, and the broker chooses how much is under way.
            builder.WithSessionExpiryInterval(SessionExpiry).WithReceiveMaximum((ushort)_options.Window);
        }

        if (_options.Username is not null)
        {
            builder.WithCredentials(_options.Username, _options.Password);
        }

        if (secure)
        {
            builder.WithTlsOptions(tls =>
            {
                tls.UseTls();
                if (_options.CertificateAuthority is { } authority)
                {
                    tls.WithTrustChain(BrokerAuthorities.Read(authority));
                }
            });
        }

        var built = builder.Build();
        ((MqttClientTcpOptions)built.ChannelOptions).BufferSize = SocketBuffer;
        return built;
    }
}
