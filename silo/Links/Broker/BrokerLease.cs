namespace Twins.Silo.Links.Broker;

/// <summary>A lease as one silo sees it.</summary>
/// <param name="grains">Where the lease is.</param>
/// <param name="name">What is leased.</param>
/// <param name="silo">This silo.</param>
/// <param name="owner">It is this silo's by right, though another may hold it while this one is away.</param>
internal sealed class BrokerLease(IGrainFactory grains, string name, string silo, bool owner = false)
{
    private readonly IBrokerLeaseGrain _grain = grains.GetGrain<IBrokerLeaseGrain>(name);
    private string? _known;

    /// <summary>Takes it, or renews it; false where another silo has it, or it can not be asked for.</summary>
    public async Task<bool> Take()
    {
        try
        {
            return await Hold();
        }
        catch (Exception)
        {
            // The silo that keeps it has just died, or this one is shut out of the cluster: not without the lease in hand.
            return false;
        }
    }

    /// <summary>
    /// The same for who has it already: where the lease can not be asked for, because the silo that keeps it has just
    /// died, nothing has changed as far as this silo knows. Should it be another's by then, the broker has thrown this
    /// one out.
    /// </summary>
    public async Task<bool> Renew()
    {
        try
        {
            return await Hold();
        }
        catch (Exception)
        {
            return _known == silo;
        }
    }

    /// <summary>Gives it back, if that can be said; otherwise it runs out.</summary>
    public async Task Release()
    {
        _known = null;
        try
        {
            await _grain.Release(silo);
        }
        catch (Exception)
        {
            // In 5 s it has run out by itself.
        }
    }

    private async Task<bool> Hold() => (_known = await _grain.Hold(silo, _known, owner)) == silo;
}
