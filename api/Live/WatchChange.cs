using Twins.Api.Events;

namespace Twins.Api.Live;

/// <summary>Something that happened to a twin, as a watch hears it.</summary>
/// <param name="Kind">What.</param>
/// <param name="Cause">The event.</param>
internal readonly record struct WatchChange(WatchChangeKind Kind, HubEvent Cause);
