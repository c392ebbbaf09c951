namespace Twins.Silo.Links.Broker;

/// <summary>
/// The lease, in memory. Should its silo go, two silos may believe to hold it for a moment: they share one client
/// id, of which a broker keeps one connection.
/// </summary>
internal sealed class BrokerLeaseGrain(TimeProvider time) : Grain, IBrokerLeaseGrain
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(5);

    private string? _holder;
    private DateTimeOffset _until;

    public Task<bool> Hold(string silo)
    {
        var now = time.GetUtcNow();
        if (_holder is not null && _holder != silo && now < _until)
        {
            return Task.FromResult(false);
        }

        _holder = silo;
        _until = now + Term;
        return Task.FromResult(true);
    }

    public Task Release(string silo)
    {
        if (_holder == silo)
        {
            _holder = null;
        }

        return Task.CompletedTask;
    }
}
