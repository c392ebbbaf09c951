namespace Twins.Contracts.Commands;

/// <summary>A command, or why there is none: 404, 409 (device offline, not subscribed, already final), 422, 429.</summary>
[GenerateSerializer, Immutable, Alias("twins.command-result")]
public sealed record CommandResult(
    [property: Id(0)] Command? Command,
    [property: Id(1)] Problem? Problem = null);
