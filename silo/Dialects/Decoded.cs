using Twins.Contracts;
using Twins.Contracts.Twins;

namespace Twins.Silo.Dialects;

/// <summary>What a dialect made of a publish: a message, or a problem; neither if the publish only clears a retained message.</summary>
/// <param name="TwinId">Whose device; may be known although there is a problem, so that the device can be told.</param>
/// <param name="Message">What the device says.</param>
/// <param name="Problem">Why it could not be understood.</param>
internal sealed record Decoded(string? TwinId, DeviceMessage? Message, Problem? Problem);
