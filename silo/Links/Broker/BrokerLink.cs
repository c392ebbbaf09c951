using Twins.Contracts.Events;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Hosting;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Links.Broker;

/// <summary>
/// The silo as a client of one broker. Where the link is exclusive, one silo of the cluster holds it. A broker that
/// is down is tried again with back-off and jitter; meanwhile messages wait in their twins, and the devices' at the
/// broker.
/// </summary>
internal sealed partial class BrokerLink(
    BrokerOptions options,
    TwinsClusterOptions cluster,
    Ingress ingress,
    IDialect dialect,
    LinkTable links,
    IGrainFactory grains,
    TwinsMetrics metrics,
    TimeProvider time,
    ILogger<BrokerLink> logger) : IDeviceLink, ITwinEventListener
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>How often the lease and the subscription to events are renewed: well within the lease's 5 s.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1.5);

    private readonly LinkAddress _address = new(options.Name, "");
    private BrokerConnection? _connection;
    private ITwinEventListener? _listener;
    private bool _complained;

    private IBrokerLeaseGrain Lease => grains.GetGrain<IBrokerLeaseGrain>(options.Name);

    private bool Exclusive => options.Mode == BrokerLinkMode.Exclusive;

    /// <summary>
    /// One session for an exclusive link, whichever silo holds it; one for each silo of a shared one, to which it comes
    /// back after a restart.
    /// </summary>
    private string ClientId => Exclusive
        ? $"{cluster.ServiceId}-{options.Name}"
        : $"{cluster.ServiceId}-{options.Name}-{Environment.MachineName}-{cluster.SiloPort}";

    /// <summary>Keeps the link up until the silo stops.</summary>
    public async Task Run(CancellationToken stopping)
    {
        var backOff = new BackOff(FirstPause, LongestPause);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!Exclusive || await Lease.Hold(links.Instance))
                {
                    await Listen();
                    await Hold(backOff, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Complain(exception);
            }

            await Task.Delay(backOff.Next(), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task<DeliveryResult> Deliver(OutgoingMessage message)
    {
        if (_connection is not { } connection)
        {
            return DeliveryResult.LinkDown;
        }

        try
        {
            return await connection.Publish(dialect.Encode(message), CancellationToken.None) ? DeliveryResult.Delivered : DeliveryResult.Busy;
        }
        catch (Exception exception)
        {
            NotPublished(exception, options.Name, message.TwinId);
            return DeliveryResult.LinkDown;
        }
    }

    /// <summary>The broker knows who is connected to it; it does not tell.</summary>
    public Task<DeviceAttachment?> Locate(string twinId) => Task.FromResult<DeviceAttachment?>(null);

    public async Task OnEvents(TwinEvent[] events)
    {
        foreach (var twinEvent in events)
        {
            try
            {
                if (_connection is not { } connection || !await connection.Publish(dialect.Encode(twinEvent), CancellationToken.None))
                {
                    throw new TwinUnavailableException($"broker link {options.Name} does not take events now");
                }
            }
            catch (Exception exception) when (exception is not TwinUnavailableException)
            {
                throw new TwinUnavailableException($"broker link {options.Name} does not take events now", exception);
            }
        }
    }

    /// <summary>Connects and stays for as long as the connection, and the lease, last.</summary>
    private async Task Hold(BackOff backOff, CancellationToken stopping)
    {
        using var connection = new BrokerConnection(options, ingress, metrics, _address);
        var filters = Exclusive ? dialect.IngressFilters : dialect.IngressFilters.Select(filter => $"$share/{options.Group}/{filter}");
        await connection.Open(ClientId, filters, stopping);
        _connection = connection;
        _complained = false;
        backOff.Reset();
        Connected(options.Name, options.Uri);
        metrics.BrokerConnected(options.Name, connected: true);
        try
        {
            await links.Add(_address, this);
            do
            {
                await Listen();
                await Task.WhenAny(connection.Ended, Task.Delay(RenewEvery, time, stopping));
            }
            while (!connection.Ended.IsCompleted && !stopping.IsCancellationRequested && (!Exclusive || await Lease.Hold(links.Instance)));
        }
        finally
        {
            _connection = null;
            metrics.BrokerConnected(options.Name, connected: false);
            await links.Remove(_address);
            await Leave(connection, stopping);
        }
    }

    /// <summary>
    /// Has the twins tell this link what happens, also while the broker is down: then they keep it until it is back,
    /// up to what a twin keeps.
    /// </summary>
    private async Task Listen()
    {
        if (options.Events)
        {
            _listener ??= grains.CreateObjectReference<ITwinEventListener>(this);
            await grains.GetGrain<IEventListenersGrain>(0).Subscribe($"broker {options.Name}", _listener);
        }
    }

    private async Task Leave(BrokerConnection connection, CancellationToken stopping)
    {
        if (connection.Ended.IsCompleted)
        {
            Lost(options.Name, (await connection.Ended)?.Message ?? "the broker closed it");
            return;
        }

        await connection.Close();
        if (Exclusive && stopping.IsCancellationRequested)
        {
            await Lease.Release(links.Instance);
        }
    }

    private void Complain(Exception exception)
    {
        if (!_complained)
        {
            _complained = true;
            NotReached(options.Name, options.Uri, exception.GetBaseException().Message.TrimEnd('.'));
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
