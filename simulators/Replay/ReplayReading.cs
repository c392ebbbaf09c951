using System.Globalization;
using Twins.Simulators.Devices;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Replay;

/// <summary>One row of a file.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Time">When it was recorded.</param>
/// <param name="DeviceId">The twin id.</param>
/// <param name="Tree">The properties, and which cell each has.</param>
/// <param name="Cells">Their values as written; empty: absent.</param>
internal sealed record ReplayReading(
    long Line, DateTimeOffset Time, string DeviceId, ReplayTree Tree, string[] Cells)
{
    /// <summary>Whether no property has a value.</summary>
    public bool IsEmpty => Array.TrueForAll(Cells, static cell => cell.Length == 0);

    /// <summary>The time as RFC 3339.</summary>
    public string TimeText => Time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The merge patch this reading is.</summary>
    public byte[] Payload(MessageStamp stamp, MqttProtocol protocol) =>
        JsonText.Object((Reading: this, stamp, protocol), static (writer, state) =>
        {
            state.stamp.WriteMembers(writer, state.protocol);
            state.Reading.Tree.WriteMembers(writer, state.Reading.Cells);
        });
}
