namespace Twins.Contracts.Twins;

/// <summary>
/// Where a message stands in its device's own order: by (<see cref="Epoch"/>, <see cref="Seq"/>), or else by
/// <see cref="Timestamp"/>.
/// </summary>
/// <param name="Epoch">Changes when the device restarts its count; 0 if the device sends none.</param>
/// <param name="Seq">Grows with every message of an epoch; null if the device sends none.</param>
/// <param name="Timestamp">The device's clock; null if the device sends none.</param>
[GenerateSerializer, Immutable, Alias("twins.message-order")]
public sealed record MessageOrder(
    [property: Id(0)] ulong Epoch,
    [property: Id(1)] ulong? Seq,
    [property: Id(2)] DateTimeOffset? Timestamp);
