namespace Twins.Contracts.Commands;

/// <summary>What an application asks of a device.</summary>
/// <param name="Name">What to do: one topic segment, 1–128 letters, digits, <c>._:-</c>.</param>
/// <param name="Payload">Canonical JSON, at most 64 KiB.</param>
/// <param name="Timeout">How long an answer is awaited: 100 ms to 1 h.</param>
/// <param name="IdempotencyKey">
/// The same key with the same name and payload is the same command, sent once; with others it is refused (422).
/// </param>
[GenerateSerializer, Immutable, Alias("twins.command-request")]
public sealed record CommandRequest(
    [property: Id(0)] string Name,
    [property: Id(1)] byte[] Payload,
    [property: Id(2)] TimeSpan Timeout,
    [property: Id(3)] string? IdempotencyKey = null);
