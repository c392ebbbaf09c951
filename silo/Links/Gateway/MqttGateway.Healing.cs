using System.Threading.Channels;

namespace Twins.Silo.Links.Gateway;

/// <summary>
/// Says again which sessions are here: from time to time, and all of them when a silo has died, which may have been the
/// one that knew.
/// </summary>
internal sealed partial class MqttGateway : ISiloStatusListener
{
    /// <summary>Claims under way at once.</summary>
    private const int ClaimsAtOnce = 64;

    private static readonly TimeSpan RenewWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClaimPause = TimeSpan.FromSeconds(1);

    /// <summary>A session that was closed for another, and that nobody has fetched: it is not wanted any more.</summary>
    private static readonly TimeSpan FetchedWithin = TimeSpan.FromSeconds(30);

    /// <summary>Holds a word while there are claims to be made at once.</summary>
    private readonly Channel<bool> _claimsDue = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead)
        {
            foreach (var session in _sessions.Values)
            {
                session.ClaimedAt = DateTimeOffset.MinValue;
            }

            _claimsDue.Writer.TryWrite(true);
        }
    }

    private async Task Heal(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _claimsDue.Reader.ReadAllAsync(stoppingToken))
            {
                while (!await ClaimAgain(session => session.ClaimedAt == DateTimeOffset.MinValue, stoppingToken))
                {
                    await Task.Delay(ClaimPause, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private bool IsClaimDue(GatewaySession session) =>
        time.GetUtcNow() - session.ClaimedAt > (session.Lasts ? SessionExpiry.NoteEvery(session.Claim.ExpirySeconds) / 2 : SessionExpiry.RenewClean);

    /// <summary>Claims sessions again; false where some could not be.</summary>
    private async Task<bool> ClaimAgain(Func<GatewaySession, bool> isDue, CancellationToken stoppingToken)
    {
        var failed = 0;
        var due = _sessions.Values.Where(session => session.Ready.IsCompleted && session.TakenOverAt is null && isDue(session));
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = ClaimsAtOnce, CancellationToken = stoppingToken }, async (session, _) =>
        {
            if (!await ClaimAgain(session))
            {
                Interlocked.Increment(ref failed);
            }
        });
        return failed == 0;
    }

    private async Task<bool> ClaimAgain(GatewaySession session)
    {
        var now = time.GetUtcNow();
        try
        {
            if (await grains.GetGrain<IGatewaySessionGrain>(session.ClientId).Renew(session.Claim, session.DisconnectedAt).WaitAsync(RenewWithin, time))
            {
                session.ClaimedAt = now;
            }
            else
            {
                // The client has a later connection elsewhere.
                TakeOver(session);
                Drop(session);
            }

            return true;
        }
        catch (Exception exception)
        {
            session.ClaimedAt = DateTimeOffset.MinValue;
            ClaimLater(exception, session.ClientId);
            return false;
        }
    }

    /// <summary>Forgets sessions whose time is over.</summary>
    private void ForgetSessions()
    {
        var now = time.GetUtcNow();
        foreach (var session in _sessions.Values)
        {
            session.Outbox.DropExpired();
            if (session.TakenOverAt is { } taken)
            {
                if (now - taken > FetchedWithin)
                {
                    Drop(session);
                }
            }
            else if (session.DisconnectedAt is { } at && SessionExpiry.IsOver(session.Claim.ExpirySeconds, at, now) && _sessions.ContainsKey(session.Claim.Id))
            {
                Drop(session);
                // Not awaited: it catches what happens.
                _ = Tell(session, grain => grain.Forget(session.Claim.Id));
            }
        }
    }

    private void Drop(GatewaySession session)
    {
        _sessions.TryRemove(session.Claim.Id, out _);
        _listening.TryRemove(session, out _);
        session.Outbox.Export();
    }
}
