using Twins.Api.Problems;
using Twins.Contracts.Storage;

namespace Twins.Api.Http;

/// <summary>
/// Repeats a read once that a silo could not answer because it was leaving: the second time it goes to another. Whoever
/// asked need not know. What took long is not repeated: the caller has waited enough, and decides.
/// </summary>
internal static class ReadRetry
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads, at most twice.</summary>
    public static async Task<T> Call<T>(Func<Task<T>> read)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            return await read();
        }
        catch (Exception exception) when (StoreFaults.FaultOf(exception) != StoreFault.TwinDamaged && Unavailability.Is(exception) && TimeProvider.System.GetElapsedTime(started) < Quick)
        {
            await Task.Delay(Pause);
        }

        return await read();
    }
}
