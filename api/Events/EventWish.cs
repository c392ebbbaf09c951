namespace Twins.Api.Events;

/// <summary>Which events a client wants.</summary>
/// <param name="TwinId">Of which twin; null for all.</param>
/// <param name="Filter">What holds for the twin after the event; null for whatever.</param>
/// <param name="Kinds">Of which kinds.</param>
internal sealed record EventWish(string? TwinId, LiveFilter? Filter, EventKinds Kinds);
