using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using MQTTnet.Packets;
using Twins.Contracts.Topics;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>A device that does nothing of its own and remembers what its session told it.</summary>
internal sealed class ProbeDevice(string id) : IDeviceBehavior
{
    private int _inside;
    private int _connected;

    public string Id => id;

    public int ConnectedCount => Volatile.Read(ref _connected);

    public ConcurrentQueue<(string Topic, string Payload)> Messages { get; } = new();

    public ConcurrentQueue<OutgoingMessage> DeliveredMessages { get; } = new();

    /// <summary>Whether two threads ever called at the same time.</summary>
    public bool Overlapped { get; private set; }

    /// <summary>The payloads of reports that were acknowledged.</summary>
    public IEnumerable<string> Acknowledged =>
        DeliveredMessages.Where(message => message.Topic == NativeTopics.Reported(id)).Select(message => Encoding.UTF8.GetString(message.Payload));

    public OutgoingMessage Report(string payload, bool twice = false) =>
        new(NativeTopics.Reported(id), Encoding.UTF8.GetBytes(payload)) { SendTwice = twice };

    public void Connected() => Alone(() => _connected++);

    public void Received(string topic, ReadOnlySequence<byte> payload, IReadOnlyList<MqttUserProperty> properties) =>
        Alone(() => Messages.Enqueue((topic, Encoding.UTF8.GetString(payload.ToArray()))));

    public void Delivered(OutgoingMessage message) => Alone(() => DeliveredMessages.Enqueue(message));

    private void Alone(Action action)
    {
        Overlapped |= Interlocked.Increment(ref _inside) != 1;
        action();
        Interlocked.Decrement(ref _inside);
    }
}
