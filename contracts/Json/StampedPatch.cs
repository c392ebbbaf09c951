using System.Runtime.InteropServices;

namespace Twins.Contracts.Json;

/// <summary>What of a message is to be applied.</summary>
/// <param name="Patch">The merge patch to apply to the document: the message's without what is stale in it.</param>
/// <param name="Stamps">The stamps document that goes with the patched document.</param>
/// <param name="IsStale">
/// Nothing in the message was new: neither the document nor the stamps change, and nothing need be stored.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StampedPatch(byte[] Patch, byte[] Stamps, bool IsStale);
