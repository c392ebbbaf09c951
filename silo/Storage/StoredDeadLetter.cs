namespace Twins.Silo.Storage;

/// <summary>A dead letter as it is stored.</summary>
/// <param name="Id">Its id; ids sort by time.</param>
/// <param name="TwinId">The twin that it was meant for; null if none is known.</param>
/// <param name="Data">The dead letter as JSON.</param>
internal sealed record StoredDeadLetter(string Id, string? TwinId, ReadOnlyMemory<byte> Data);
