namespace Twins.Silo.Links.Gateway;

/// <summary>What is stored of a session that outlives its connection.</summary>
internal sealed record GatewaySessionState
{
    public SessionSubscription[] Subscriptions { get; init; } = [];

    /// <summary>How long it outlives its connection.</summary>
    public uint ExpirySeconds { get; init; }

    /// <summary>The client was still connected then, or has just gone.</summary>
    public DateTimeOffset At { get; init; }
}
