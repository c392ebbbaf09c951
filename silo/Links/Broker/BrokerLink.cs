using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Egress;
using Twins.Silo.Health;
using Twins.Silo.Hosting;
using Twins.Silo.Links.Fencing;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// The silo as a client of one broker. Where the link is exclusive, one silo of the cluster holds it. A broker that
/// is down is tried again with back-off and jitter; meanwhile messages wait in their twins, and the devices' at the
/// broker.
/// </summary>
internal sealed partial class BrokerLink : IDeviceLink
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>How often the leases and the subscription to events are renewed: well within a lease's 5 s.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often a silo that does not hold the link looks whether it is free.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private const int RememberedDevices = 65_536;

    /// <summary>A connection that lasted for less is not worth an immediate attempt: the next would end as quickly.</summary>
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause after connections that the broker accepted and that ended soon.</summary>
    private static readonly TimeSpan LongestPauseWhenLost = TimeSpan.FromSeconds(2);

    /// <summary>The pause after a refusal that only another setting ends.</summary>
    private static readonly TimeSpan LastingPause = TimeSpan.FromMinutes(1);

    private readonly BrokerOptions _options;
    private readonly Ingress _ingress;
    private readonly QueueBudget _budget;
    private readonly IDialect _dialect;
    private readonly LinkTable _links;
    private readonly IGrainFactory _grains;
    private readonly IStateStore _store;
    private readonly FenceTokens _tokens;
    private readonly TwinsMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>
    /// The set of the client ids under which silos have, or may have, a session at the broker. An id is added before its session begins
    /// and removed after it has ended.
    /// </summary>
    private string SessionSet => $"broker-sessions/{_options.Name}";

    /// <summary>What was sent last to each device; an activation that was suspended sends within minutes.</summary>
    private readonly SentRevisions _sentRevisions = new(RememberedDevices);

    private readonly LinkAddress _address;
    private readonly string _clientId;

    /// <summary>The right to the session: of an exclusive link the one who has it, of a shared one each silo to its own.</summary>
    private readonly BrokerLease _session;

    private readonly BrokerProtocol _protocol;
    private readonly BrokerRefusals _refusals;
    private readonly BrokerPublisher _publisher;
    private readonly BrokerLinkStatus _status;

    private BrokerConnection? _connection;

    /// <summary>The reason that was logged since the link was last connected.</summary>
    private string? _complained;

    /// <summary>This silo had a session at the broker, which must be there when it connects again.</summary>
    private bool _hadSession;

    public BrokerLink(
        BrokerOptions options,
        TwinsClusterOptions cluster,
        string setting,
        LinkStates states,
        Ingress ingress,
        QueueBudget budget,
        IDialect dialect,
        LinkTable links,
        IGrainFactory grains,
        IStateStore store,
        FenceTokens tokens,
        TwinsMetrics metrics,
        TimeProvider time,
        ILogger<BrokerLink> logger)
    {
        _options = options;
        _ingress = ingress;
        _budget = budget;
        _dialect = dialect;
        _links = links;
        _grains = grains;
        _store = store;
        _tokens = tokens;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _address = new LinkAddress(options.Name, "");
        // One session for an exclusive link, whichever silo holds it; one for each silo of a shared one, to which it
        // comes back after a restart.
        _clientId = Exclusive
            ? $"{cluster.ServiceId}-{options.Name}"
            : $"{cluster.ServiceId}-{options.Name}-{Environment.MachineName}-{cluster.SiloPort}";
        _session = new BrokerLease(grains, LeaseOf(_clientId), links.Instance, owner: !Exclusive);
        _eventFilter = EventFilter.Of(options.EventFilter, time);
        _telling = new BrokerLease(grains, $"{options.Name}/events", links.Instance);
        _protocol = new BrokerProtocol(options.Protocol, time);
        _refusals = new BrokerRefusals(options, setting, _clientId);
        _publisher = new BrokerPublisher(options.Name, metrics, time, logger);
        _status = new BrokerLinkStatus(options.Name, states, metrics, time);
    }

    private bool Exclusive => _options.Mode == BrokerLinkMode.Exclusive;

    private string[] Filters => Exclusive
        ? [.. _dialect.IngressFilters]
        : [.. _dialect.IngressFilters.Select(filter => $"$share/{_options.Group}/{filter}")];

    /// <summary>Keeps the link up until the silo stops.</summary>
    public Task Run(CancellationToken stopping) => Exclusive ? RunLink(stopping) : Task.WhenAll(RunLink(stopping), Adopt(stopping));

    public async Task<DeliveryResult> Deliver(OutgoingMessage message)
    {
        if (_connection is not { } connection)
        {
            return DeliveryResult.LinkDown;
        }

        if (message.Kind == OutgoingMessageKind.Withdrawal)
        {
            // The broker has it, and drops it when its interval has passed.
            return DeliveryResult.Delivered;
        }

        if (message.Kind == OutgoingMessageKind.Desired && !_sentRevisions.TryAdvance(message.TwinId, message.Revision))
        {
            // A newer one was sent: this one comes from a twin that does not know that another silo has it.
            _metrics.Fenced(_options.Name);
            return DeliveryResult.Delivered;
        }

        if (message.ResponseTopic is { } topic && ResponseTopics.Check(message.TwinId, topic, onBroker: true) is not null)
        {
            // A silo of an earlier version took the request.
            return DeliveryResult.Refused;
        }

        try
        {
            return await _publisher.Publish(connection, message.TwinId, _dialect.Encode(message, hasProperties: false), mayWaitForRights: message.Kind == OutgoingMessageKind.Desired);
        }
        catch (Exception exception)
        {
            NotPublished(exception, _options.Name, message.TwinId);
            return DeliveryResult.LinkDown;
        }
    }

    /// <summary>The broker knows who is connected to it; it does not tell.</summary>
    public Task<DeviceAttachment?> Locate(string twinId) => Task.FromResult<DeviceAttachment?>(null);

    private string LeaseOf(string clientId) => $"{_options.Name}/sessions/{clientId}";

    private async Task RunLink(CancellationToken stopping)
    {
        var backOff = new BackOff(FirstPause, LongestPause);
        var lost = new BackOff(FirstPause, LongestPauseWhenLost);
        while (!stopping.IsCancellationRequested)
        {
            var pause = LookEvery;
            try
            {
                // A silo that has lost the lease stays away: it would throw out the one that has it.
                if (await _session.Take())
                {
                    await Listen();
                    var started = _time.GetTimestamp();
                    await Stay(stopping);
                    backOff.Reset();
                    if (_time.GetElapsedTime(started) < SteadyAfter)
                    {
                        pause = lost.Next();
                    }
                    else
                    {
                        lost.Reset();
                    }
                }
                else
                {
                    _status.Standby();
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                pause = await NotConnected(_refusals.Of(exception), backOff);
            }

            await Pause(pause, stopping);
        }

        await _session.Release();
        await _telling.Release();
    }

    /// <summary>Connects and stays for as long as the connection, and the lease, last.</summary>
    private async Task Stay(CancellationToken stopping)
    {
        using var connection = new BrokerConnection(_options, _ingress, _budget, _metrics, _time, await SourceAsync(_clientId));
        if (!Exclusive)
        {
            // Known before it is there: should this silo die, the others fetch what is in it.
            await _store.AddToSetAsync(SessionSet, _clientId);
        }

        var sessionPresent = await connection.Connect(_clientId, _protocol.Version, stopping);
        await connection.Subscribe(Filters, stopping);
        _connection = connection;
        NoteConnected(connection, sessionPresent);
        try
        {
            await _links.Add(_address, this);
            do
            {
                await Listen();
                await Task.WhenAny(connection.Ended, Task.Delay(RenewEvery, _time, stopping));
            }
            while (!connection.Ended.IsCompleted && !stopping.IsCancellationRequested && await _session.Renew());
        }
        finally
        {
            _connection = null;
            _status.Closed();
            await _links.Remove(_address);
            await Leave(connection, stopping);
        }
    }

    /// <summary>
    /// Takes a token for the right to a session, before its connection is made: a connection that the broker ends because of this one has
    /// a lower token.
    /// </summary>
    private async Task<MessageSource> SourceAsync(string clientId) =>
        new(_address, _dialect.Name, Right: Rights.OfBroker(_options.Name, clientId), Token: await _tokens.NextAsync());

    private async Task Leave(BrokerConnection connection, CancellationToken stopping)
    {
        if (connection.Ended.IsCompleted)
        {
            var refusal = _refusals.Of(await connection.Ended);
            _status.Failed(refusal);
            Lost(_options.Name, refusal.Text);
            return;
        }

        if (!Exclusive && stopping.IsCancellationRequested && await Emptied(connection))
        {
            await connection.Close(endSession: true);
            await _store.RemoveFromSetAsync(SessionSet, _clientId);
            return;
        }

        await connection.Close();
    }

    /// <summary>
    /// Another silo may be able to reach the broker. The session of a shared link is this silo's for as long as it lives.
    /// </summary>
    private async Task StepBack()
    {
        await _telling.Release();
        if (Exclusive)
        {
            await _session.Release();
        }
    }

    private async Task Pause(TimeSpan pause, CancellationToken stopping)
    {
        var started = _time.GetTimestamp();
        while (!stopping.IsCancellationRequested && pause - _time.GetElapsedTime(started) is { Ticks: > 0 } left)
        {
            await Task.Delay(left < RenewEvery ? left : RenewEvery, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!Exclusive)
            {
                await _session.Renew();
            }
        }
    }


    [LoggerMessage(LogEvents.BrokerLost, LogLevel.Warning, "Broker link {Name} has lost its connection ({Reason}); it is tried again.")]
    private partial void Lost(string name, string reason);

    [LoggerMessage(LogEvents.BrokerMessageNotTaken, LogLevel.Debug, "Broker link {Name} could not publish to device {TwinId}.")]
    private partial void NotPublished(Exception exception, string name, string twinId);
}
