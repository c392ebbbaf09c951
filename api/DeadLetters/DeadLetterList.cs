namespace Twins.Api.DeadLetters;

/// <summary>A page of dead letters.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Cursor">Where the next page starts; absent on the last.</param>
internal sealed record DeadLetterList(DeadLetterResource[] Items, string? Cursor);
