namespace Twins.Api.Hosting;

/// <summary>Tries to reach the cluster once a second until it answers or the process is told to stop.</summary>
/// <param name="time">The clock.</param>
internal sealed class ConnectForever(TimeProvider time) : IClientConnectionRetryFilter
{
    /// <inheritdoc/>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        return true;
    }
}
