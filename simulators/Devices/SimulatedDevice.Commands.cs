using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MQTTnet.Packets;
using Twins.Contracts.Topics;
using Twins.Simulators.Fleet;
using Twins.Simulators.Mqtt;
using Twins.Simulators.Plans;

namespace Twins.Simulators.Devices;

internal sealed partial class SimulatedDevice
{
    // A command that comes again was redelivered: its answer is on its way, or waits for the connection.
    private const int RememberedCommands = 16;

    private static readonly string[] BuiltIn = ["echo", "identify", "measure", "ping", "reboot"];
    private static readonly CommandAnswer Fine = new(200, "{}"u8.ToArray());

    private readonly Queue<string> _answered = new();
    private RandomStream _chance;
    private OutgoingMessage? _lastWords;

    private void Answer(string name, string commandId, ReadOnlySequence<byte> payload, DateTimeOffset? expiresAt)
    {
        // By real time, whatever the fleet's clock says: the platform has given the command up.
        if (expiresAt <= DateTimeOffset.UtcNow)
        {
            Interlocked.Increment(ref _engine.Tally.CommandsExpired);
            return;
        }

        if (_answered.Contains(commandId))
        {
            Interlocked.Increment(ref _engine.Tally.CommandsRepeated);
            return;
        }

        if (_answered.Count == RememberedCommands)
        {
            _answered.Dequeue();
        }

        _answered.Enqueue(commandId);
        var (plan, answer) = PlannedAnswer(name) ?? (new CommandPlan(200), Answer(name, payload));
        if (plan.Status == 0)
        {
            Interlocked.Increment(ref _engine.Tally.CommandsSilent);
            return;
        }

        var message = new OutgoingMessage(
            NativeTopics.CommandResponse(Id, commandId),
            answer.Body,
            [new MqttUserProperty(NativeTopics.StatusProperty, Encoding.UTF8.GetBytes(answer.Status.ToString(CultureInfo.InvariantCulture)))]);
        _lastWords = answer.Reboots ? message : _lastWords;
        if (plan.Delay <= TimeSpan.Zero)
        {
            Send(message);
            return;
        }

        // Of the fleet's clock, also where the device's own is behind: somebody waits for the answer.
        var due = Clock.Elapsed + plan.Delay;
        (_answersLater ??= []).Add((due, message));
        ScheduleAt(due);
    }

    // What the plan says of a command by its name, or of all that a device knows nothing of; not always, if it says so.
    private (CommandPlan Plan, CommandAnswer Answer)? PlannedAnswer(string name)
    {
        if ((_kind.Command(name) ?? (BuiltIn.Contains(name) ? null : _kind.Command("*"))) is not { } planned)
        {
            return null;
        }

        return planned.Plan.Probability >= 1 || _chance.NextDouble() < planned.Plan.Probability
            ? planned
            : (new CommandPlan(200), Fine);
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
                return new(200, JsonText.Object(this, static (writer, device) =>
                {
                    // One by one: an answer is no report, and what has moved has still to be reported.
                    foreach (var member in device._kind.Members)
                    {
                        device._model!.WriteMember(writer, member);
                    }
                }));
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
                    return new(200, CommandExpiry.Without(document.RootElement));
                }

            case "echo":
                return Error(400, "the payload of \"echo\" is not JSON");
            default:
                Interlocked.Increment(ref _engine.Tally.CommandsUnknown);
                return Error(404, $"command \"{name}\" is unknown here; there are {string.Join(", ", _kind.Plan.Commands.Keys.Concat(BuiltIn))}");
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
