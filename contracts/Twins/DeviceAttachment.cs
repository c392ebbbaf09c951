namespace Twins.Contracts.Twins;

/// <summary>A device has appeared on a link, or changed what it listens to there.</summary>
/// <param name="Source">Its connection.</param>
/// <param name="WantsDesired">It has just subscribed to its desired deltas (or resumed a session that does).</param>
/// <param name="WantsCommands">It has just subscribed to its commands (or resumed a session that does).</param>
/// <param name="Anew">
/// It has just subscribed to its commands in a session that begins with nothing: what was sent to an earlier one there and
/// not acknowledged, nobody repeats but the twin.
/// </param>
[GenerateSerializer, Immutable, Alias("twins.attachment")]
public sealed record DeviceAttachment(
    [property: Id(0)] MessageSource Source,
    [property: Id(1)] bool WantsDesired,
    [property: Id(2)] bool WantsCommands,
    [property: Id(3)] bool Anew = false);
