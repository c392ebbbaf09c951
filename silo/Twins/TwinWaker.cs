using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>Wakes twins that have something left to do, at a pace that leaves the rest of the silo its time.</summary>
internal sealed class TwinWaker(IGrainFactory grains, TimeProvider time)
{
    /// <summary>Twins that are woken at once.</summary>
    public const int PageSize = 250;

    /// <summary>Attempts for each twin: the store may be away for a moment.</summary>
    private const int Attempts = 5;

    /// <summary>A twin takes at least this long: 5,000 a second, a few hundredths of what a store and a core do.</summary>
    private static readonly TimeSpan TwinTakes = TimeSpan.FromMilliseconds(0.2);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Wakes twins; returns when they are awake and their time is over.</summary>
    /// <param name="ids">The twins.</param>
    /// <param name="seen">How many were looked at to find them, which takes time as well.</param>
    public async Task WakeAsync(string[] ids, int seen = 0)
    {
        var pause = Task.Delay(TwinTakes * Math.Max(seen, ids.Length), time);
        await Task.WhenAll(ids.Select(WakeAsync));
        await pause;
    }

    private async Task WakeAsync(string id)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await grains.Twin(id).Wake();
                return;
            }
            catch (Exception) when (attempt < Attempts)
            {
                await Task.Delay(RetryDelay, time);
            }
        }
    }
}
