using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>
/// Decides about messages that a broker has kept and sends because a link has subscribed: they may be older than anything seen since, and
/// nobody knows whether their device is there.
/// </summary>
internal static class RetainedMessages
{
    /// <summary>Returns whether a retained message is passed over.</summary>
    /// <param name="twin">The twin; one that was deleted still has its revision.</param>
    /// <param name="message">The message.</param>
    public static bool Ignores(TwinState twin, DeviceMessage message)
    {
        if (!twin.Exists && twin.Revision > 0)
        {
            // What a broker still has of a deleted twin must not bring it back.
            return true;
        }

        return message.Kind switch
        {
            DeviceMessageKind.Reported or DeviceMessageKind.ReportedProperty => false,
            DeviceMessageKind.Offline => twin.Connection.Address?.Link != message.Source.Address.Link,
            _ => true,
        };
    }
}
