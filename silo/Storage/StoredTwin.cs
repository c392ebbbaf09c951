namespace Twins.Silo.Storage;

/// <summary>A twin's state, read without its grain.</summary>
/// <param name="Id">The twin id.</param>
/// <param name="Data">The serialized state; empty if <paramref name="IsDamaged"/>.</param>
/// <param name="IsDamaged">The row does not match its checksum.</param>
internal readonly record struct StoredTwin(string Id, ReadOnlyMemory<byte> Data, bool IsDamaged = false);
