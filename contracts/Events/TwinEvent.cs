using System.Text.Json.Serialization;

namespace Twins.Contracts.Events;

/// <summary>Something that happened to a twin, told after it is durable.</summary>
/// <param name="TwinId">Whose.</param>
/// <param name="Id">Unique within the twin; the same event keeps its id when it is told again.</param>
/// <param name="Kind">One of <see cref="TwinEventKinds"/>.</param>
/// <param name="Revision">The twin's revision after it.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">
/// Canonical JSON: the document for <c>created</c>; <c>{"revision":n,"reported":patch}</c> (or <c>desired</c>,
/// <c>tags</c>, <c>model</c>) for <c>changed</c>; <c>{"revision":n}</c> for <c>deleted</c>;
/// <c>{"revision":n,"connection":{…}}</c> for <c>online</c> and <c>offline</c>; the command for <c>command</c>.
/// </param>
[GenerateSerializer, Immutable, Alias("twins.event")]
public sealed record TwinEvent(
    [property: Id(0)] string TwinId,
    [property: Id(1)] string Id,
    [property: Id(2)] string Kind,
    [property: Id(3)] long Revision,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] byte[] Data)
{
    /// <summary>
    /// The twin's document right after the event, for <c>deleted</c> the last one before it; of an event that was kept for long,
    /// or over a crash, a later one. Only for listeners that want documents (<see cref="IEventListenersGrain.Listen"/>), and
    /// null for them too where there is none any more, or the silo that tells does not know of documents yet. Never stored.
    /// </summary>
    [Id(6), JsonIgnore]
    public byte[]? Document { get; init; }
}
