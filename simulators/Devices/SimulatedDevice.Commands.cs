using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MQTTnet.Packets;
using Twins.Contracts.Topics;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Devices;

internal sealed partial class SimulatedDevice
{
    // A command that comes again was redelivered: its answer is on its way, or waits for the connection.
    private const int RememberedCommands = 16;

    private readonly Queue<string> _answered = new();
    private OutgoingMessage? _lastWords;

    private void Answer(string name, string commandId, ReadOnlySequence<byte> payload)
    {
        if (_answered.Contains(commandId))
        {
            return;
        }

        if (_answered.Count == RememberedCommands)
        {
            _answered.Dequeue();
        }

        _answered.Enqueue(commandId);
        var answer = Answer(name, payload);
        var message = new OutgoingMessage(
            NativeTopics.CommandResponse(Id, commandId),
            answer.Body,
            [new MqttUserProperty(NativeTopics.StatusProperty, Encoding.UTF8.GetBytes(answer.Status.ToString(CultureInfo.InvariantCulture)))]);
        _lastWords = answer.Reboots ? message : _lastWords;
        Interlocked.Increment(ref _engine.Tally.CommandsAnswered);
        _session.Publish(message);
    }

    private CommandAnswer Answer(string name, ReadOnlySequence<byte> payload)
    {
        switch (name)
        {
            case "ping":
                return new(200, JsonText.Object(this, static (writer, device) =>
                {
                    writer.WriteBoolean("pong", true);
                    writer.WriteNumber("uptime", Math.Round(device.Uptime.TotalSeconds, 3));
                }));
            case "identify":
                return new(200, JsonText.Object(this, static (writer, device) =>
                {
                    writer.WriteString("id", device.Id);
                    device.WriteIdentity(writer);
                }));
            case "measure":
                return new(200, JsonText.Object(this, static (writer, device) => device._model.WriteValues(writer)));
            case "reboot":
                return new(
                    200,
                    JsonText.Object(this, static (writer, device) =>
                    {
                        writer.WriteBoolean("rebooting", true);
                        writer.WriteNumber("uptime", Math.Round(device.Uptime.TotalSeconds, 3));
                    }),
                    Reboots: true);
            case "echo" when TryParse(payload, out var document):
                using (document)
                {
                    return new(200, Encoding.UTF8.GetBytes(document.RootElement.GetRawText()));
                }

            case "echo":
                return Error(400, "the payload of \"echo\" is not JSON");
            default:
                Interlocked.Increment(ref _engine.Tally.CommandsUnknown);
                return Error(404, $"command \"{name}\" is unknown here; there are echo, identify, measure, ping and reboot");
        }
    }

    private static CommandAnswer Error(int status, string detail) =>
        new(status, JsonText.Object((status, detail), static (writer, error) =>
        {
            // Also in the body: MQTT 3.1.1 has no user properties to carry it.
            writer.WriteNumber("status", error.status);
            writer.WriteString("error", error.detail);
        }));

    private static bool TryParse(ReadOnlySequence<byte> payload, out JsonDocument document)
    {
        try
        {
            document = JsonDocument.Parse(payload);
            return true;
        }
        catch (JsonException)
        {
            document = null!;
            return false;
        }
    }
}
