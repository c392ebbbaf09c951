namespace Twins.Contracts.Twins;

/// <summary>The result of a device's message. All are acknowledged, except those that are fenced.</summary>
/// <param name="Kind">Applied, stale, rejected or fenced.</param>
/// <param name="Problem">Why it was rejected; the message becomes a dead letter with this reason.</param>
/// <param name="Notice">The problem that the platform sends to the device about a message that was not rejected; null for none.</param>
/// <param name="Token">Of a fenced message: the token that the twin knows for the same right.</param>
[GenerateSerializer, Immutable, Alias("twins.message-outcome")]
public sealed record MessageOutcome(
    [property: Id(0)] MessageOutcomeKind Kind,
    [property: Id(1)] Problem? Problem = null,
    [property: Id(2)] Problem? Notice = null,
    [property: Id(3)] ulong Token = 0)
{
    /// <summary>The message changed the twin, or was answered.</summary>
    public static MessageOutcome Applied { get; } = new(MessageOutcomeKind.Applied);

    /// <summary>Everything in the message was known already, or older than what is.</summary>
    public static MessageOutcome Stale { get; } = new(MessageOutcomeKind.Stale);

    /// <summary>The connection of the message has lost its right to another one, whose token is <paramref name="token"/>.</summary>
    public static MessageOutcome Fenced(ulong token) => new(MessageOutcomeKind.Fenced, Token: token);

    /// <summary>The message says nothing: it is an empty one, with which a retained message is cleared.</summary>
    public static MessageOutcome Ignored { get; } = new(MessageOutcomeKind.Ignored);

    /// <summary>The message can not be applied.</summary>
    public static MessageOutcome Rejected(Problem problem) => new(MessageOutcomeKind.Rejected, problem);
}
