using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Tests;

/// <summary>A broker in this process on a free port of the loopback, which remembers what it got.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private const string Tester = "tester";

    private readonly ConcurrentQueue<ReceivedMessage> _messages = new();
    private MqttServer? _server;

    private TestBroker(int port) => Port = port;

    public int Port { get; }

    public BrokerAddress Address => new("127.0.0.1", Port);

    /// <summary>Who may connect; null: everybody.</summary>
    public (string User, string Password)? Credentials { get; init; }

    /// <summary>Called before a publish is acknowledged.</summary>
    public Func<InterceptingPublishEventArgs, Task>? BeforeAcknowledge { get; set; }

    public IReadOnlyCollection<ReceivedMessage> Messages => _messages;

    public ConcurrentDictionary<string, int> Connects { get; } = new();

    /// <summary>Filters that were subscribed to, by client.</summary>
    public ConcurrentQueue<(string ClientId, string Filter)> Subscriptions { get; } = new();

    /// <summary>Thumbprints of the certificates that clients presented.</summary>
    public ConcurrentQueue<string> ClientCertificates { get; } = new();

    /// <summary>Whether clients without a certificate are sent away.</summary>
    public bool ClientCertificateRequired { get; set; }

    /// <summary>With it the broker speaks TLS.</summary>
    private X509Certificate2? Certificate { get; init; }

    public static async Task<TestBroker> StartAsync((string User, string Password)? credentials = null, X509Certificate2? certificate = null)
    {
        var broker = new TestBroker(Loopback.FreePort()) { Credentials = credentials, Certificate = certificate };
        await broker.StartServerAsync();
        return broker;
    }

    public IReadOnlyList<ReceivedMessage> On(string topic) => [.. _messages.Where(message => message.Topic == topic)];

    public Task SendAsync(string topic, string payload) => _server!.InjectApplicationMessage(
        new InjectedMqttApplicationMessage(new MqttApplicationMessage
        {
            Topic = topic,
            PayloadSegment = Encoding.UTF8.GetBytes(payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        })
        {
            SenderClientId = Tester,
        });

    public async Task StartServerAsync()
    {
        var options = new MqttServerOptionsBuilder().WithPersistentSessions();
        options = Certificate is null
            ? options
                .WithDefaultEndpoint()
                .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
                .WithDefaultEndpointPort(Port)
            : options
                .WithEncryptedEndpoint()
                .WithEncryptedEndpointBoundIPAddress(IPAddress.Loopback)
                .WithEncryptedEndpointBoundIPV6Address(IPAddress.None)
                .WithEncryptedEndpointPort(Port)
                .WithEncryptionCertificate(Certificate)
                .WithClientCertificate((_, presented, _, _) =>
                {
                    if (presented is null)
                    {
                        return !ClientCertificateRequired;
                    }

                    ClientCertificates.Enqueue(presented.GetCertHashString());
                    return true;
                });
        _server = new MqttServerFactory().CreateMqttServer(options.Build());
        _server.ValidatingConnectionAsync += connect =>
        {
            Connects.AddOrUpdate(connect.ClientId, 1, (_, count) => count + 1);
            if (Credentials is { } right && (connect.UserName, connect.Password) != right)
            {
                connect.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
            }

            return Task.CompletedTask;
        };
        _server.ClientSubscribedTopicAsync += subscribed =>
        {
            Subscriptions.Enqueue((subscribed.ClientId, subscribed.TopicFilter.Topic));
            return Task.CompletedTask;
        };
        _server.InterceptingPublishAsync += async publish =>
        {
            if (publish.ClientId == Tester)
            {
                return;
            }

            var message = publish.ApplicationMessage;
            _messages.Enqueue(new ReceivedMessage(
                publish.ClientId,
                message.Topic,
                Encoding.UTF8.GetString(message.Payload),
                (int)message.QualityOfServiceLevel,
                message.Dup,
                message.UserProperties?.ToDictionary(property => property.Name, property => Encoding.UTF8.GetString(property.ValueBuffer.Span), StringComparer.Ordinal)
                    ?? new Dictionary<string, string>(StringComparer.Ordinal)));
            if (BeforeAcknowledge is { } before)
            {
                await before(publish);
            }
        };
        await _server.StartAsync();
    }

    public async Task StopServerAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync();
            server.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopServerAsync();
}
