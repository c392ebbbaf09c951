namespace Twins.Silo.Storage;

/// <summary>A state as the store has it.</summary>
/// <param name="ETag">Changes with every write.</param>
/// <param name="Data">The serialized state; empty if <paramref name="IsDamaged"/>.</param>
/// <param name="Revision">The revision of a twin; 0 for other states, and where the store does not keep it apart from the data.</param>
/// <param name="IsDamaged">The row does not match its checksum.</param>
internal sealed record StoredState(string ETag, ReadOnlyMemory<byte> Data, long Revision = 0, bool IsDamaged = false);
