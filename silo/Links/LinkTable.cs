using System.Collections.Concurrent;
using Twins.Contracts.Twins;

namespace Twins.Silo.Links;

/// <summary>
/// The links that this silo knows: its own, which it announces to the directory, and those of other silos, which it
/// asks the directory for.
/// </summary>
internal sealed partial class LinkTable(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    ISiloStatusOracle silos,
    TimeProvider time,
    ILogger<LinkTable> logger) : BackgroundService, ISiloStatusListener
{
    /// <summary>
    /// A tenth of what the directory forgets after: when it has moved to another silo, which versions may make it do as well
    /// as a silo that leaves, it knows a link again after this long.
    /// </summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<LinkAddress, LinkRegistration> _own = new();
    private readonly ConcurrentDictionary<LinkAddress, IDeviceLink> _reachable = new();

    /// <summary>Completes when another silo has come or gone.</summary>
    private TaskCompletionSource _membersChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Names this run of this silo in the addresses of its links.</summary>
    public string Instance => silo.SiloAddress.ToParsableString();

    private ILinkDirectoryGrain Directory => grains.GetGrain<ILinkDirectoryGrain>(0);

    /// <summary>Announces a link of this silo.</summary>
    public async Task Add(LinkAddress address, IDeviceLink link)
    {
        var registration = new LinkRegistration(address, grains.CreateObjectReference<IDeviceLink>(link));
        _own[address] = registration;
        _reachable[address] = link;
        try
        {
            await Directory.Register(registration);
        }
        catch (Exception exception)
        {
            // The silo that keeps the directory has just died; a link is no worse for it.
            RenewFailed(exception);
        }
    }

    /// <summary>Takes a link of this silo back.</summary>
    public async Task Remove(LinkAddress address)
    {
        if (_own.TryRemove(address, out var registration))
        {
            _reachable.TryRemove(address, out _);
            grains.DeleteObjectReference<IDeviceLink>(registration.Link);
            try
            {
                await Directory.Unregister(registration);
            }
            catch (Exception exception)
            {
                // It is forgotten when it is not renewed.
                RenewFailed(exception);
            }
        }
    }

    /// <summary>The link at an address; null while there is none.</summary>
    /// <exception cref="TwinUnavailableException">
    /// It is the gateway of a silo that is there, and the directory, which has just moved, does not know it yet: that its
    /// device is gone must not be concluded. It is announced within 3 s.
    /// </exception>
    public async ValueTask<IDeviceLink?> Find(LinkAddress address)
    {
        if (IsGone(address))
        {
            return null;
        }

        if (_reachable.TryGetValue(address, out var link))
        {
            return link;
        }

        await Refresh();
        return _reachable.TryGetValue(address, out link) || address.Instance.Length == 0 || IsGone(address)
            ? link
            : throw new TwinUnavailableException($"the gateway of silo {address.Instance} is not announced yet; try again");
    }

    /// <summary>A link of another silo did not answer: the next who wants it asks the directory, where it may be another's by now.</summary>
    public void Forget(LinkAddress address)
    {
        if (!_own.ContainsKey(address))
        {
            _reachable.TryRemove(address, out _);
        }
    }

    /// <summary>The silo that held the device's connection is gone for good.</summary>
    public bool IsGone(LinkAddress address)
    {
        if (address.Instance.Length == 0 || address.Instance == Instance)
        {
            return false;
        }

        return !SiloAddress.TryParse(address.Instance, null, out var there)
            || silos.GetApproximateSiloStatus(there) is SiloStatus.None or SiloStatus.Dead;
    }

    /// <summary>
    /// Asks the gateways of all silos for a device that is not where its twin believes, or that no twin knew of until
    /// now. A gateway that does not answer within 3 s is taken to have no such device.
    /// </summary>
    public async Task<DeviceAttachment?> Locate(string twinId)
    {
        if (silos.GetApproximateSiloStatuses(onlyActive: true).Count > 1)
        {
            await Refresh();
        }

        var asked = _reachable.Where(entry => !IsGone(entry.Key)).Select(entry => Locate(entry.Value, twinId));
        return (await Task.WhenAll(asked)).FirstOrDefault(attachment => attachment is not null);
    }

    private static async Task<DeviceAttachment?> Locate(IDeviceLink link, string twinId)
    {
        try
        {
            return await link.Locate(twinId);
        }
        catch (Exception)
        {
            // Its silo is going. A device that hangs there is looked for again.
            return null;
        }
    }

    /// <summary>A silo that goes may take the directory along: the links are announced anew, and those of a new silo found.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (!updatedSilo.Equals(silo.SiloAddress))
        {
            Volatile.Read(ref _membersChanged).TrySetResult();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        silos.SubscribeToSiloStatusEvents(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Volatile.Read(ref _membersChanged).Task.WaitAsync(RenewEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Volatile.Write(ref _membersChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (stoppingToken.IsCancellationRequested)
            {
                break;
            }

            try
            {
                foreach (var registration in _own.Values)
                {
                    await Directory.Register(registration);
                }

                await Refresh();
            }
            catch (Exception exception)
            {
                RenewFailed(exception);
            }
        }

        silos.UnSubscribeFromSiloStatusEvents(this);
    }

    private async Task Refresh()
    {
        var known = await Directory.Links();
        foreach (var registration in known)
        {
            if (!_own.ContainsKey(registration.Address))
            {
                _reachable[registration.Address] = registration.Link;
            }
        }

        foreach (var address in _reachable.Keys)
        {
            // A directory that has just moved knows little: the gateway of a silo that is there, is there.
            var mayBeForgotten = address.Instance.Length > 0 && !IsGone(address);
            if (!mayBeForgotten && !_own.ContainsKey(address) && !Array.Exists(known, registration => registration.Address == address))
            {
                _reachable.TryRemove(address, out _);
            }
        }
    }

    [LoggerMessage(LogEvents.LinkRenewFailed, LogLevel.Warning, "The links of this silo could not be announced to the cluster; it is tried again in 3 s.")]
    private partial void RenewFailed(Exception exception);
}
