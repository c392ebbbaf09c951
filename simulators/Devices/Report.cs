using MQTTnet.Packets;
using Twins.Simulators.Ledgers;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Devices;

/// <summary>A message in which a device reports properties.</summary>
internal sealed class Report(string topic, byte[] payload, List<MqttUserProperty>? userProperties)
    : OutgoingMessage(topic, payload, userProperties)
{
    private long _entry;
    private bool _noted;

    /// <summary>Its place in the device's order.</summary>
    public required MessageStamp Stamp { get; init; }

    /// <summary>Where the payload goes on behind the members with <c>$</c>, with a comma or the closing brace; 1: it has none.</summary>
    public required int PatchStart { get; init; }

    /// <summary>Behind how many later reports it is sent.</summary>
    public int Behind { get; set; }

    /// <summary>Notes it before it is sent for the first time. What is to be refused is no promise.</summary>
    public void NoteSent(ILedger? ledger, string twinId)
    {
        if (ledger is null || _noted || MeantToBeRefused)
        {
            return;
        }

        _entry = ledger.Sent(twinId, Patch(), Stamp);
        _noted = true;
    }

    /// <summary>Notes that it was acknowledged.</summary>
    public void NoteAcknowledged(ILedger? ledger)
    {
        if (_noted && !Refused)
        {
            ledger?.Acknowledged(_entry);
        }
    }

    private ReadOnlyMemory<byte> Patch()
    {
        if (PatchStart <= 1)
        {
            return Payload;
        }

        // The patch's opening brace in the place of the comma.
        var rest = Payload.AsSpan(PatchStart);
        return (byte[])[(byte)'{', .. rest[0] == (byte)',' ? rest[1..] : rest];
    }
}
