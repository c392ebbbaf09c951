using System.Text;
using MQTTnet.Packets;
using Twins.Contracts.Topics;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Faults;

/// <summary>Breaks payloads.</summary>
internal static class Breakages
{
    /// <summary>How many ways there are.</summary>
    public const int Count = (int)Breakage.WrongOrder;

    /// <summary>Not UTF-8 from its first byte on: a lone continuation byte, then what a wrong baud rate makes of text.</summary>
    private static readonly byte[] Noise = [0x80, 0xFF, 0x00, 0xC3, 0x28, 0xFE, 0x13, 0x37];

    /// <summary>A payload and its user properties, broken.</summary>
    /// <param name="how">In which way.</param>
    /// <param name="report">The JSON object it was.</param>
    /// <param name="protocol">Where its place in the device's order is written.</param>
    public static (byte[] Payload, List<MqttUserProperty>? Properties) Break(Breakage how, byte[] report, MqttProtocol protocol) => how switch
    {
        Breakage.Truncated => (report[..((report.Length + 1) / 2)], null),
        Breakage.Array => ([(byte)'[', .. report, (byte)']'], null),
        Breakage.Text => ("\"the sensor does not answer\""u8.ToArray(), null),
        Breakage.Binary => (Noise, null),
        Breakage.Empty => ([], null),
        _ when protocol == MqttProtocol.V5 => (report, [new MqttUserProperty(NativeTopics.SeqProperty, "soon"u8.ToArray())]),
        _ => (Encoding.UTF8.GetBytes($"{{\"${NativeTopics.SeqProperty}\":\"soon\"}}"), null),
    };
}
