using System.Runtime.InteropServices;

namespace Twins.Contracts.Topics;

/// <summary>A topic of the native dialect on which a device publishes, taken apart.</summary>
/// <param name="TwinId">Whose device; null where the topic names no valid twin id.</param>
/// <param name="Kind">What is published on it.</param>
/// <param name="Path">The property of a <see cref="NativeTopicKind.ReportedProperty"/>; else empty.</param>
/// <param name="CommandId">The command that a <see cref="NativeTopicKind.CommandResponse"/> answers; else null.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct NativeTopic(
    string? TwinId,
    NativeTopicKind Kind,
    string[] Path,
    string? CommandId = null);
