namespace Twins.Silo.Links.Broker;

/// <summary>How long to wait before the next attempt: doubling, with jitter so that many do not come at once.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private readonly TimeSpan _first = first;
    private readonly TimeSpan _longest = longest;
    private TimeSpan _next = first;

    /// <summary>The wait before the next attempt, and twice that for the one after it.</summary>
    public TimeSpan Next()
    {
        var wait = _next * (0.5 + (Random.Shared.NextDouble() / 2));
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, _longest.Ticks));
        return wait;
    }

    /// <summary>An attempt has succeeded.</summary>
    public void Reset() => _next = _first;
}
