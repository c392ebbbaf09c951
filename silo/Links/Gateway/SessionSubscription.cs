namespace Twins.Silo.Links.Gateway;

/// <summary>A subscription as it moves with its session, and is stored.</summary>
/// <param name="Filter">The topic filter.</param>
/// <param name="Qos">The quality it was granted, 0 to 2.</param>
[GenerateSerializer, Immutable, Alias("twins.session-subscription")]
internal readonly record struct SessionSubscription(
    [property: Id(0)] string Filter,
    [property: Id(1)] byte Qos);
