namespace Twins.Silo.Links.Broker;

/// <summary>
/// The lease, in memory. Should its silo go, the silos tell the next one who had it. Two that believe to hold it for a
/// moment share one client id, of which a broker keeps one connection.
/// </summary>
[GrainType("brokerlease")]
[KeepAlive]
internal sealed class BrokerLeaseGrain(ISiloStatusOracle silos, TimeProvider time) : Grain, IBrokerLeaseGrain
{
    private readonly LeaseRules _rules = new(
        silo => silos.GetApproximateSiloStatus(SiloAddress.FromParsableString(silo)) != SiloStatus.Dead, time);

    public Task<string> Hold(string silo, string? known, bool owner) => Task.FromResult(_rules.Hold(silo, known, owner));

    public Task Release(string silo)
    {
        _rules.Release(silo);
        return Task.CompletedTask;
    }
}
