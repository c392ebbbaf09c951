namespace Twins.Silo.Storage;

/// <summary>A page of the twins of a shard.</summary>
/// <param name="Twins">The twins; may be fewer than were asked for although there are more.</param>
/// <param name="Next">Where the next page begins; null after the last one.</param>
internal sealed record ShardPage(StoredTwin[] Twins, string? Next);
