using Twins.Contracts.Twins;

namespace Twins.Api.Twins;

/// <summary>
/// Repeats a call that another activation of the twin was in the way of. It was certainly not stored, and the twin is
/// read anew; so whoever asked need not know.
/// </summary>
internal static class ConflictRetry
{
    private const int Attempts = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls until there is no conflict, at most four times.</summary>
    /// <exception cref="TwinUnavailableException">There still was, or the store did not answer.</exception>
    public static async Task<T> Call<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TwinUnavailableException exception) when (exception.IsConflict && attempt < Attempts)
            {
                await Task.Delay(Pause * attempt);
            }
        }
    }
}
