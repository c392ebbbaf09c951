using Twins.Contracts.Twins;

namespace Twins.Silo.Tests.Harness;

/// <summary>Calls of twins by one that never gives a call up.</summary>
internal static class TwinCalls
{
    public static Task<MessageOutcome[]> Apply(this ITwinGrain twin, DeviceMessage[] messages) => twin.Apply(messages, CallNumbers.Next());

    public static Task Attach(this ITwinGrain twin, DeviceAttachment attachment) => twin.Attach(attachment, CallNumbers.Next());

    public static Task Detach(this ITwinGrain twin, MessageSource source) => twin.Detach(source, CallNumbers.Next());
}
