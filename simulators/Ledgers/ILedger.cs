using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Ledgers;

/// <summary>Where devices note what they said and what was acknowledged. Safe for any thread.</summary>
internal interface ILedger
{
    /// <summary>Notes a report before it is sent for the first time.</summary>
    /// <param name="twinId">The device.</param>
    /// <param name="patch">What it reports: the merge patch as JSON, without <c>$</c> members.</param>
    /// <param name="stamp">Its place in the device's order, where it has one.</param>
    /// <returns>The number of the entry.</returns>
    long Sent(string twinId, ReadOnlyMemory<byte> patch, MessageStamp stamp);

    /// <summary>The platform has acknowledged it.</summary>
    void Acknowledged(long entry);
}
