using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Egress;
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

    private BrokerConnection? _connection;
    private bool _complained;

    public BrokerLink(
        BrokerOptions options,
        TwinsClusterOptions cluster,
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

        try
        {
            return await connection.Publish(_dialect.Encode(message, hasProperties: false), CancellationToken.None) ? DeliveryResult.Delivered : DeliveryResult.Busy;
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
        while (!stopping.IsCancellationRequested)
        {
            var pause = LookEvery;
            try
            {
                // A silo that has lost the lease stays away: it would throw out the one that has it.
                if (await _session.Take())
                {
                    await Listen();
                    await Stay(backOff, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                Complain(exception);
                await StepBack();
                pause = backOff.Next();
            }

            await Pause(pause, stopping);
        }

        await _session.Release();
        await _telling.Release();
    }

    /// <summary>Connects and stays for as long as the connection, and the lease, last.</summary>
    private async Task Stay(BackOff backOff, CancellationToken stopping)
    {
        using var connection = new BrokerConnection(_options, _ingress, _budget, _metrics, _time, await SourceAsync(_clientId));
        if (!Exclusive)
        {
            // Known before it is there: should this silo die, the others fetch what is in it.
            await _store.AddToSetAsync(SessionSet, _clientId);
        }

        await connection.Connect(_clientId, stopping);
        await connection.Subscribe(Filters, stopping);
        _connection = connection;
        _complained = false;
        backOff.Reset();
        Connected(_options.Name, _options.Uri);
        _metrics.BrokerConnected(_options.Name, connected: true);
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
            _metrics.BrokerConnected(_options.Name, connected: false);
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
            Lost(_options.Name, (await connection.Ended)?.Message ?? "the broker closed it");
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

    private void Complain(Exception exception)
    {
        if (!_complained)
        {
            _complained = true;
            NotReached(_options.Name, _options.Uri, exception.GetBaseException().Message.TrimEnd('.'));
        }
    }

    [LoggerMessage(LogEvents.BrokerConnected, LogLevel.Information, "Broker link {Name} is connected to {Uri}.")]
    private partial void Connected(string name, string uri);

    [LoggerMessage(LogEvents.BrokerLost, LogLevel.Warning, "Broker link {Name} has lost its connection ({Reason}); it is tried again.")]
    private partial void Lost(string name, string reason);

    [LoggerMessage(LogEvents.BrokerRetry, LogLevel.Warning, "Broker link {Name} can not connect to {Uri} ({Reason}); it is tried again, and this is said once.")]
    private partial void NotReached(string name, string uri, string reason);

    [LoggerMessage(LogEvents.BrokerMessageNotTaken, LogLevel.Debug, "Broker link {Name} could not publish to device {TwinId}.")]
    private partial void NotPublished(Exception exception, string name, string twinId);
}
