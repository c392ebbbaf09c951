namespace Twins.Silo.Links.Broker;

/// <summary>Who has a lease. It runs out 5 s after it was last renewed, and with its holder's silo.</summary>
/// <param name="isAlive">Whether a silo may still be there.</param>
/// <param name="time">The clock.</param>
internal sealed class LeaseRules(Func<string, bool> isAlive, TimeProvider time)
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(5);

    private string? _holder;
    private string? _owner;
    private DateTimeOffset _until;

    /// <summary>It remembers nothing yet.</summary>
    private bool _fresh = true;

    /// <inheritdoc cref="IBrokerLeaseGrain.Hold"/>
    public string Hold(string silo, string? known, bool owner)
    {
        var now = time.GetUtcNow();
        if (_fresh && known is not null && known != silo && isAlive(known))
        {
            (_holder, _until) = (known, now + Term);
        }

        _fresh = false;
        if (_holder is not null && _holder != silo && now < _until && isAlive(_holder))
        {
            _owner = owner ? silo : _owner;
            return _holder;
        }

        if (_owner is not null && _owner != silo && isAlive(_owner))
        {
            // Whose it is has asked for it meanwhile.
            silo = _owner;
        }

        (_holder, _owner, _until) = (silo, null, now + Term);
        return silo;
    }

    /// <inheritdoc cref="IBrokerLeaseGrain.Release"/>
    public void Release(string silo)
    {
        _fresh = false;
        if (_holder == silo)
        {
            _holder = null;
        }
    }
}
