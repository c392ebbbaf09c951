namespace Twins.Contracts.Twins;

/// <summary>A change of a twin's document that somebody other than the device's link asks for.</summary>
/// <param name="Verb">How <paramref name="Body"/> changes what <paramref name="Target"/> names.</param>
/// <param name="Target">
/// Empty for the application's part of the twin as a whole (<c>{"tags":…,"desired":…,"model":…}</c>); else the
/// section (<c>tags</c>, <c>desired</c>, <c>reported</c>), then the names of a path of properties in it.
/// </param>
/// <param name="Body">Canonical JSON, see <c>JsonText</c>; empty for <see cref="WriteVerb.Remove"/>.</param>
/// <param name="IfRevision">Refuse with 412 unless the twin is at this revision.</param>
/// <param name="IfAbsent">Refuse with 412 if the twin exists (<c>If-None-Match: *</c>).</param>
[GenerateSerializer, Immutable, Alias("twins.write")]
public sealed record TwinWrite(
    [property: Id(0)] WriteVerb Verb,
    [property: Id(1)] string[] Target,
    [property: Id(2)] byte[] Body,
    [property: Id(3)] long? IfRevision = null,
    [property: Id(4)] bool IfAbsent = false);
