namespace Twins.Contracts.Twins;

/// <summary>What became of a device's message. All of them are acknowledged.</summary>
/// <param name="Kind">Applied, stale or rejected.</param>
/// <param name="Problem">Why it was rejected; the message becomes a dead letter with this reason.</param>
/// <param name="Notice">What its device is told about a message that was not rejected; null for nothing.</param>
[GenerateSerializer, Immutable, Alias("twins.message-outcome")]
public sealed record MessageOutcome(
    [property: Id(0)] MessageOutcomeKind Kind,
    [property: Id(1)] Problem? Problem = null,
    [property: Id(2)] Problem? Notice = null)
{
    /// <summary>The message changed the twin, or was answered.</summary>
    public static MessageOutcome Applied { get; } = new(MessageOutcomeKind.Applied);

    /// <summary>Everything in the message was known already, or older than what is.</summary>
    public static MessageOutcome Stale { get; } = new(MessageOutcomeKind.Stale);

    /// <summary>The message says nothing: it is an empty one, with which a retained message is cleared.</summary>
    public static MessageOutcome Ignored { get; } = new(MessageOutcomeKind.Ignored);

    /// <summary>The message can not be applied.</summary>
    public static MessageOutcome Rejected(Problem problem) => new(MessageOutcomeKind.Rejected, problem);
}
