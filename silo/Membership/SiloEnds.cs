using System.Collections.Concurrent;

namespace Twins.Silo.Membership;

/// <summary>
/// Which silos have gone since this one looks, until somebody has seen to what that means. Each who asks has one of its own. Thread-safe.
/// </summary>
internal sealed class SiloEnds(ILocalSiloDetails silo, ISiloStatusOracle silos) : ISiloStatusListener
{
    private readonly ConcurrentDictionary<SiloAddress, bool> _alive = new();
    private readonly ConcurrentDictionary<string, bool> _due = new(StringComparer.Ordinal);

    /// <summary>Raised when something is due.</summary>
    public event EventHandler? Added;

    /// <summary>What is to be seen to, each named by a reason that all silos name alike.</summary>
    public ICollection<string> Due => _due.Keys;

    /// <summary>Looks from now on.</summary>
    public void Watch()
    {
        silos.SubscribeToSiloStatusEvents(this);
        foreach (var (address, status) in silos.GetApproximateSiloStatuses())
        {
            SiloStatusChangeNotification(address, status);
        }

        // Of one that ended between these two lines it was told before it was known to have been there.
        foreach (var address in _alive.Keys.Where(silos.IsDeadSilo))
        {
            SiloStatusChangeNotification(address, SiloStatus.Dead);
        }
    }

    /// <summary>Something else is to be seen to.</summary>
    public void Add(string reason)
    {
        _due[reason] = true;
        Added?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>It was seen to.</summary>
    public void Done(string reason) => _due.TryRemove(reason, out _);

    /// <summary>One that was there when this silo came is gone; the ends of others are in the membership table for days.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status != SiloStatus.Dead)
        {
            _alive[updatedSilo] = true;
        }
        else if (_alive.TryRemove(updatedSilo, out _) && !updatedSilo.Equals(silo.SiloAddress))
        {
            Add($"the end of silo {updatedSilo.ToParsableString()}");
        }
    }
}
