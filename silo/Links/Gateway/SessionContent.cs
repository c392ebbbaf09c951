namespace Twins.Silo.Links.Gateway;

/// <summary>What a session consists of, on its way from gateway to gateway.</summary>
[GenerateSerializer, Immutable, Alias("twins.session-content")]
internal sealed record SessionContent
{
    public static SessionContent Nothing { get; } = new();

    /// <summary>The client may go on with it: its session was to outlive the connection, and has not expired.</summary>
    [Id(0)]
    public bool Resumable { get; init; }

    [Id(1)]
    public SessionSubscription[] Subscriptions { get; init; } = [];

    /// <summary>What the client has not acknowledged, in order.</summary>
    [Id(2)]
    public OutgoingPublish[] Outgoing { get; init; } = [];

    /// <summary>The devices that the connection spoke for until now; the next one does, too.</summary>
    [Id(3)]
    public string[] Devices { get; init; } = [];
}
