using System.Diagnostics;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Twins.Benchmarks;

/// <summary>A device on the gateway.</summary>
internal sealed class Device : IDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttClientOptions _options;
    private readonly string _topic;

    public Device(string id, int port)
    {
        _topic = $"twins/{id}/reported";
        _options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithClientId(id)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .Build();
    }

    /// <summary>Tries until somebody accepts the connection.</summary>
    public async Task Connect()
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            try
            {
                await _client.ConnectAsync(_options);
                return;
            }
            catch (Exception exception) when (
                // The latter while the client is still busy with the end of its last connection.
                exception is MqttCommunicationException or InvalidOperationException && watch.Elapsed < s_deadline)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Reports a value with QoS 1; returns with the PUBACK.</summary>
    public async Task Report(string json)
    {
        var result = await _client.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic(_topic)
            .WithPayload(Encoding.UTF8.GetBytes(json))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build());
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException($"PUBACK with {result.ReasonCode}: {result.ReasonString}");
        }
    }

    public void Dispose() => _client.Dispose();
}
