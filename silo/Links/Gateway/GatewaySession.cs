using MQTTnet.Protocol;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// A client's session from the moment its CONNECT claims it until it ends, or another connection takes it over, here or
/// at another gateway. Safe for any thread.
/// </summary>
internal sealed class GatewaySession
{
    /// <summary>Devices of one session; most have one.</summary>
    private const int RememberedDevices = 1024;

    private readonly Func<GatewaySession, SessionSubscription[], Task> _store;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _storedVersion;

    /// <param name="clientId">The MQTT client id.</param>
    /// <param name="claim">What it is known by in the cluster.</param>
    /// <param name="source">The connection, as twins know it.</param>
    /// <param name="channel">The connection's packets.</param>
    /// <param name="outbox">What the client has to be told.</param>
    /// <param name="store">Stores what the session subscribes to; returns when that is durable, and throws where it is not.</param>
    public GatewaySession(string clientId, SessionClaim claim, MessageSource source, GatewayChannel channel, GatewayOutbox outbox, Func<GatewaySession, SessionSubscription[], Task> store)
    {
        ClientId = clientId;
        Claim = claim;
        Source = source;
        Channel = channel;
        Outbox = outbox;
        _store = store;
    }

    public string ClientId { get; }

    public SessionClaim Claim { get; }

    /// <summary>The connection, as twins know it.</summary>
    public MessageSource Source { get; }

    /// <summary>What was sent last to each device of the session.</summary>
    public SentRevisions SentRevisions { get; } = new(RememberedDevices);

    public GatewayChannel Channel { get; }

    public GatewayOutbox Outbox { get; }

    public GatewaySubscriptions Subscriptions { get; } = new();

    /// <summary>It outlives its connection.</summary>
    public bool Lasts => Claim.ExpirySeconds > 0;

    /// <summary>The client goes on with what was before.</summary>
    public bool Present { get; private set; }

    /// <summary>The devices that the connection before spoke for.</summary>
    public string[] Inherited { get; private set; } = [];

    /// <summary>The devices that it spoke for when it was taken over.</summary>
    public string[] Moving { get; private set; } = [];

    /// <summary>The connection, once it is accepted.</summary>
    public GatewayConnection? Connection { get; private set; }

    /// <summary>When the connection ended.</summary>
    public DateTimeOffset? DisconnectedAt { get; private set; }

    /// <summary>When another connection took the session over.</summary>
    public DateTimeOffset? TakenOverAt { get; private set; }

    /// <summary>When its gateway last said that it holds the session.</summary>
    public DateTimeOffset ClaimedAt { get; set; }

    /// <summary>Its queue is full, and that was said.</summary>
    public bool FullSaid { get; set; }

    /// <summary>The store knows the subscriptions as they are.</summary>
    public bool IsStored => Volatile.Read(ref _storedVersion) == Subscriptions.Version;

    /// <summary>Completes when it is known what was before.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the twins have been told that the connection has ended.</summary>
    public Task Left { get; set; } = Task.CompletedTask;

    /// <summary>The highest QoS that a topic is subscribed with, or null.</summary>
    public MqttQualityOfServiceLevel? Subscribed(string topic) => Subscriptions.Of(topic);

    /// <summary>Begins with what was before.</summary>
    /// <param name="before">The session as another connection had it, or as it is stored.</param>
    /// <param name="stored">Whether the store knows the subscriptions as they are.</param>
    public void Begin(SessionContent before, bool stored)
    {
        Inherited = before.Devices;
        if (!Claim.Clean && before.Resumable)
        {
            Present = true;
            foreach (var (filter, qos) in before.Subscriptions)
            {
                Subscriptions.Set(filter, (MqttQualityOfServiceLevel)qos);
            }

            Outbox.Import(before.Outgoing);
        }

        _storedVersion = stored ? Subscriptions.Version : -1;
        _ready.TrySetResult();
    }

    /// <summary>Its claim has failed: there is nothing in it.</summary>
    public void Fail() => _ready.TrySetResult();

    /// <summary>The connection is accepted; null where the client has another by now.</summary>
    public GatewayConnection? Connect()
    {
        lock (_gate)
        {
            return TakenOverAt is null ? Connection = new GatewayConnection(this) : null;
        }
    }

    /// <summary>The connection has ended; false where that was because the session was taken over.</summary>
    public bool Disconnect(DateTimeOffset now)
    {
        lock (_gate)
        {
            DisconnectedAt ??= now;
            return TakenOverAt is null;
        }
    }

    /// <summary>The session belongs to another connection from now on; false where that was known.</summary>
    public bool TakeOver(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (TakenOverAt is not null)
            {
                return false;
            }

            TakenOverAt = now;
            if (DisconnectedAt is null)
            {
                // Those it has inherited may not be its own yet.
                Moving = [.. (Connection?.Close() ?? []).Union(Inherited, StringComparer.Ordinal)];
            }

            return true;
        }
    }

    /// <summary>Returns when the subscriptions, as they are now, are stored, where the session is to outlive its connection.</summary>
    public async Task Store()
    {
        if (!Lasts || IsStored)
        {
            return;
        }

        // One at a time: whoever waits for this is the one that sends the answers, in their order.
        var (subscriptions, version) = Subscriptions.All();
        await _store(this, subscriptions);
        Volatile.Write(ref _storedVersion, version);
    }
}
