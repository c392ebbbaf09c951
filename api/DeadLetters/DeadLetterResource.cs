using Twins.Contracts;
using Twins.Contracts.Fleet;

namespace Twins.Api.DeadLetters;

/// <summary>A message that could not be applied, and why.</summary>
/// <param name="Id">Unique, sorts by time (ULID).</param>
/// <param name="At">When it arrived; RFC 3339, UTC.</param>
/// <param name="Link">The link it arrived on: <c>gateway</c>, or the name of a broker link.</param>
/// <param name="Connection">The MQTT client id, where the link knows it.</param>
/// <param name="Topic">The topic it was published on; at most 1,024 characters of it.</param>
/// <param name="TwinId">The twin it was meant for, where the topic names one.</param>
/// <param name="Problem">What was wrong.</param>
/// <param name="Payload">What was in it.</param>
internal sealed record DeadLetterResource(
    string Id,
    DateTimeOffset At,
    string Link,
    string? Connection,
    string Topic,
    string? TwinId,
    Problem Problem,
    DeadLetterPayload Payload)
{
    /// <summary>The resource of a dead letter.</summary>
    public static DeadLetterResource Of(DeadLetter letter) => new(
        letter.Id,
        letter.At,
        letter.Link,
        letter.Connection,
        letter.Topic,
        letter.TwinId,
        letter.Problem,
        DeadLetterPayload.Of(letter.PayloadStart, letter.PayloadBytes));
}
