using System.Net;

namespace Twins.Silo.Tests.Harness;

/// <summary>A cluster as one of its silos sees it, with silos that only have addresses.</summary>
internal sealed class FakeCluster : ISiloStatusOracle, ILocalSiloDetails
{
    private readonly Dictionary<SiloAddress, SiloStatus> _silos = [];
    private readonly List<ISiloStatusListener> _listeners = [];

    public FakeCluster() => _silos[SiloAddress] = SiloStatus.Active;

    public string Name => "silo-1";

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress { get; } = Silo(1);

    public SiloAddress GatewayAddress => SiloAddress;

    public SiloStatus CurrentStatus => SiloStatus.Active;

    public string SiloName => Name;

    public static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 10_000 + number), 1);

    public void Set(SiloAddress silo, SiloStatus status)
    {
        _silos[silo] = status;
        foreach (var listener in _listeners.ToArray())
        {
            listener.SiloStatusChangeNotification(silo, status);
        }
    }

    public SiloAddress[] GetActiveSilos() => [.. GetApproximateSiloStatuses(onlyActive: true).Keys];

    public SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress) => _silos.GetValueOrDefault(siloAddress);

    public Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false) =>
        new(_silos.Where(silo => !onlyActive || silo.Value == SiloStatus.Active));

    public bool TryGetSiloName(SiloAddress siloAddress, out string siloName)
    {
        siloName = siloAddress.ToString();
        return true;
    }

    public bool IsFunctionalDirectory(SiloAddress siloAddress) => GetApproximateSiloStatus(siloAddress) == SiloStatus.Active;

    public bool IsDeadSilo(SiloAddress silo) => GetApproximateSiloStatus(silo) == SiloStatus.Dead;

    public bool SubscribeToSiloStatusEvents(ISiloStatusListener observer)
    {
        _listeners.Add(observer);
        return true;
    }

    public bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer) => _listeners.Remove(observer);
}
