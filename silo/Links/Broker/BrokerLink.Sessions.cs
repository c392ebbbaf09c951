namespace Twins.Silo.Links.Broker;

/// <summary>
/// Sessions of a shared link. A broker gives messages to the session of a silo that is gone, and keeps for it what was
/// under way: another silo fetches both.
/// </summary>
internal sealed partial class BrokerLink
{
    private static readonly TimeSpan LookForOrphansEvery = TimeSpan.FromSeconds(1.5);

    /// <summary>After so long without a message a session that takes no part any more is taken to be empty.</summary>
    private static readonly TimeSpan EmptyAfter = TimeSpan.FromSeconds(2);

    /// <summary>How long a silo that stops may take to empty its session, and after what silence that is so.</summary>
    private static readonly TimeSpan StoppingTakes = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan EmptyAfterWhenStopping = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks for sessions whose silo is gone, until this one stops.</summary>
    private async Task Adopt(CancellationToken stopping)
    {
        var leases = new Dictionary<string, BrokerLease>(StringComparer.Ordinal);
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(LookForOrphansEvery, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                // Who can not reach the broker can not fetch anything from it.
                foreach (var clientId in _connection is null || stopping.IsCancellationRequested ? [] : await _store.ListSetAsync(SessionSet))
                {
                    if (clientId == _clientId)
                    {
                        continue;
                    }

                    if (!leases.TryGetValue(clientId, out var lease))
                    {
                        lease = leases[clientId] = new BrokerLease(_grains, LeaseOf(clientId), _links.Instance);
                    }

                    if (await lease.Take())
                    {
                        await Adopt(clientId, lease, stopping);
                    }
                }
            }
            catch (Exception exception)
            {
                NotAdopted(exception, _options.Name);
            }
        }
    }

    private async Task Adopt(string clientId, BrokerLease lease, CancellationToken stopping)
    {
        try
        {
            using var connection = new BrokerConnection(_options, _ingress, _budget, _metrics, _time, await SourceAsync(clientId));
            await connection.Connect(clientId, _protocol.Version, stopping);
            await connection.Unsubscribe(Filters, stopping);
            Adopted(_options.Name, clientId);
            while (!connection.IsQuietFor(EmptyAfter))
            {
                await Task.WhenAny(connection.Ended, Task.Delay(Poll, _time, stopping));
                if (connection.Ended.IsCompleted || stopping.IsCancellationRequested || !await lease.Renew())
                {
                    // Whose it is has come back, or another goes on.
                    await connection.Close();
                    return;
                }
            }

            await connection.Close(endSession: true);
            await _store.RemoveFromSetAsync(SessionSet, clientId);
            Emptied(_options.Name, clientId);
        }
        finally
        {
            await lease.Release();
        }
    }

    /// <summary>Leaves the share, and takes what is there already; true if nothing is left.</summary>
    private async Task<bool> Emptied(BrokerConnection connection)
    {
        try
        {
            var started = _time.GetTimestamp();
            await connection.Unsubscribe(Filters, CancellationToken.None);
            while (!connection.IsQuietFor(EmptyAfterWhenStopping) && !connection.Ended.IsCompleted && _time.GetElapsedTime(started) < StoppingTakes)
            {
                await Task.WhenAny(connection.Ended, Task.Delay(Poll, _time));
            }

            return connection.IsQuietFor(EmptyAfterWhenStopping) && !connection.Ended.IsCompleted;
        }
        catch (Exception exception)
        {
            // The session stays, and another silo fetches what is in it.
            NotAdopted(exception, _options.Name);
            return false;
        }
    }

    [LoggerMessage(LogEvents.BrokerSessionAdopted, LogLevel.Information, "Broker link {Name} fetches what the broker keeps for session {ClientId}, whose silo is gone.")]
    private partial void Adopted(string name, string clientId);

    [LoggerMessage(LogEvents.BrokerSessionEmptied, LogLevel.Information, "Broker link {Name} has ended session {ClientId}: nothing is left in it.")]
    private partial void Emptied(string name, string clientId);

    [LoggerMessage(LogEvents.BrokerSessionNotAdopted, LogLevel.Debug, "Broker link {Name} could not fetch what the broker keeps for a silo; it is tried again.")]
    private partial void NotAdopted(Exception exception, string name);
}
