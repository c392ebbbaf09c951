using System.Collections.Concurrent;
using Twins.Silo.Links.Fencing;
using Twins.Silo.Storage;

namespace Twins.Silo.Links.Gateway;

/// <summary>Sessions in the cluster: whose they are (docs/decisions/0010-gateway-sessions.md).</summary>
internal sealed partial class MqttGateway : ISessionHolder
{
    /// <summary>What the grain of a session takes where its holder stands still (1 s), and a little more.</summary>
    private static readonly TimeSpan ClaimWithin = TimeSpan.FromSeconds(1.25);

    /// <summary>A grain that is there says so in this time.</summary>
    private static readonly TimeSpan HearWithin = TimeSpan.FromSeconds(0.25);

    /// <summary>And in this one it has the session of a holder that lives.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <summary>How long reading a session from the store may take.</summary>
    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(1);

    /// <summary>A hand-over that has gone through the cluster takes this and a little more.</summary>
    private static readonly TimeSpan HandOverWithin = TimeSpan.FromSeconds(2);

    /// <summary>What of a session's messages moves along, in bytes of payloads.</summary>
    private const int MovesAtMost = 8 * 1024 * 1024;

    /// <summary>All sessions that this gateway holds, connected or not, and those that are being connected.</summary>
    private readonly ConcurrentDictionary<Guid, GatewaySession> _sessions = new();

    private ISessionHolder? _self;

    public Task Close(Guid claim)
    {
        if (_sessions.TryGetValue(claim, out var session))
        {
            TakeOver(session);
        }

        return Task.CompletedTask;
    }

    public async Task<SessionContent?> HandOver(Guid claim)
    {
        if (!_sessions.TryRemove(claim, out var session))
        {
            return null;
        }

        var devices = TakeOver(session);
        try
        {
            await Quiet(session).WaitAsync(HandOverWithin, time);
        }
        catch (TimeoutException)
        {
            HandOverSlow(session.ClientId);
        }

        _listening.TryRemove(session, out _);
        var outgoing = session.Outbox.Export();
        var over = !session.Lasts || (session.DisconnectedAt is { } at && SessionExpiry.IsOver(session.Claim.ExpirySeconds, at, time.GetUtcNow()));
        return new SessionContent
        {
            Resumable = !over,
            Subscriptions = over ? [] : session.Subscriptions.All().Subscriptions,
            Outgoing = over ? [] : Movable(session, outgoing),
            Devices = devices,
        };
    }

    /// <summary>Makes a client's session this gateway's; false where the client can not be let in.</summary>
    private async Task<bool> Claim(GatewaySession session)
    {
        try
        {
            var answer = await Ask(session);
            if (answer.Refused != 0)
            {
                tokens.Raise(answer.Refused);
                throw new FencedException($"a later connection has client id {session.ClientId}");
            }

            var here = answer.Before is { } mine && _sessions.TryGetValue(mine, out var before) ? before : null;
            if (here is not null && await HandOver(here.Claim.Id) is { } content)
            {
                var goesOn = content.Resumable;
                content = goesOn ? content : answer.Content with { Devices = content.Devices };
                session.Begin(content, stored: !goesOn || here.IsStored);
            }
            else
            {
                session.Begin(answer.Content, stored: true);
            }
        }
        catch (Exception exception)
        {
            ClaimFailed(exception, session.ClientId);
            session.Fail();
            _sessions.TryRemove(session.Claim.Id, out _);
            return false;
        }

        return session.TakenOverAt is null;
    }

    /// <summary>
    /// Asks the session's grain, which may be on a silo that stands still, or has just died. Then the client does not
    /// wait for the cluster to find that out: it gets what is stored, and the claim is made again until it is heard.
    /// </summary>
    private async Task<ClaimAnswer> Ask(GatewaySession session)
    {
        var grain = grains.GetGrain<IGatewaySessionGrain>(session.ClientId);
        session.ClaimedAt = time.GetUtcNow();
        try
        {
            var claiming = grain.Claim(session.Claim);
            try
            {
                return await claiming.WaitAsync(ClaimWithin, time);
            }
            catch (TimeoutException) when (!claiming.IsCompleted)
            {
                // Where it says a word it is there, and waits for whoever holds the session.
                await grain.Hear().WaitAsync(HearWithin, time);
                return await claiming.WaitAsync(AnswerWithin, time);
            }
        }
        catch (Exception exception)
        {
            ClaimLater(exception, session.ClientId);
        }

        session.ClaimedAt = DateTimeOffset.MinValue;
        _claimsDue.Writer.TryWrite(true);
        var before = _connections.TryGetValue(session.ClientId, out var connection) ? connection.Session.Claim.Id : (Guid?)null;
        var state = session.Claim.Clean ? null : await ReadStoredAsync(session.ClientId).WaitAsync(ReadWithin, time);
        return new ClaimAnswer(before, state is null || SessionExpiry.IsOver(state, time.GetUtcNow())
            ? SessionContent.Nothing
            : new SessionContent { Resumable = true, Subscriptions = state.Subscriptions });
    }

    /// <summary>Reads a session without the grain that writes it; null if none is stored.</summary>
    private async Task<GatewaySessionState?> ReadStoredAsync(string clientId) =>
        await store.ReadAsync(StateKey.Session(clientId)) is { IsDamaged: false } stored ? GatewaySessionFormat.Read(stored.Data) : null;

    /// <summary>Takes a session from its connection, because the client has another; answers the devices that move on.</summary>
    private string[] TakeOver(GatewaySession session)
    {
        if (!session.TakeOver(time.GetUtcNow()))
        {
            return session.Moving;
        }

        if (session.Connection is { } connection)
        {
            _connections.TryRemove(new KeyValuePair<string, GatewayConnection>(session.ClientId, connection));
            // Not awaited: it is told for a while that they move, and catches what happens.
            _ = MoveOn(session.Moving, session.Source);
            Array.ForEach(session.Moving, device => _roster.Remove(device, connection));
        }

        // Not awaited: a client that does not read must not hold up the next.
        _ = session.Channel.CloseTakenOver();
        return session.Moving;
    }

    /// <summary>Returns when nothing goes on for a session any more.</summary>
    private async Task Quiet(GatewaySession session)
    {
        await session.Ready;
        await session.Channel.Ended;
        await session.Left;
        await session.Channel.Idle();
        await PresenceTold(session.Moving);
    }

    /// <summary>The oldest of a session's messages, as many as may move.</summary>
    private OutgoingPublish[] Movable(GatewaySession session, OutgoingPublish[] outgoing)
    {
        var bytes = 0;
        var count = outgoing.TakeWhile(message => (bytes += message.Payload.Length) <= MovesAtMost).Count();
        if (count < outgoing.Length)
        {
            Cut(session.ClientId, outgoing.Length - count);
        }

        return outgoing[..count];
    }

    /// <summary>Tells the cluster that a connection, or a session, has ended; catches what happens.</summary>
    private async Task Tell(GatewaySession session, Func<IGatewaySessionGrain, Task> ended)
    {
        try
        {
            await ended(grains.GetGrain<IGatewaySessionGrain>(session.ClientId));
        }
        catch (Exception exception)
        {
            // Whoever comes next is told that the session is here, and learns that it is not.
            ReleaseFailed(exception, session.ClientId);
        }
    }

    [LoggerMessage(LogEvents.GatewayClaimFailed, LogLevel.Warning, "Client {ClientId} was not let in: it is not known what session it has, and the store does not tell.")]
    private partial void ClaimFailed(Exception exception, string clientId);

    [LoggerMessage(LogEvents.GatewayClaimLater, LogLevel.Debug, "The session of client {ClientId} does not answer; what is stored of it is used, and it is asked again.")]
    private partial void ClaimLater(Exception exception, string clientId);

    [LoggerMessage(LogEvents.GatewaySessionCut, LogLevel.Warning, "The session of client {ClientId} was too large to move: {Count} messages were left behind.")]
    private partial void Cut(string clientId, int count);

    [LoggerMessage(LogEvents.GatewayHandOverSlow, LogLevel.Information, "The session of client {ClientId} moves on before all that it published is stored; the client repeats it.")]
    private partial void HandOverSlow(string clientId);

    [LoggerMessage(LogEvents.GatewayReleaseFailed, LogLevel.Debug, "The session of client {ClientId} was not told that its connection has ended.")]
    private partial void ReleaseFailed(Exception exception, string clientId);
}
