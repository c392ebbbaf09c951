using System.Collections.Concurrent;
using Twins.Contracts.Topics;
using Twins.Contracts.Twins;
using Twins.Silo.Storage;

namespace Twins.Silo.Links.Gateway;

/// <summary>Which devices are here, as their twins are told.</summary>
internal sealed partial class MqttGateway
{
    private static readonly TimeSpan PresenceTriedFor = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PresencePause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a device that has moved on is taken for moving; then its twin is told that it is not here.</summary>
    private static readonly TimeSpan MovesWithin = TimeSpan.FromSeconds(5);

    /// <summary>Comings and goings of one device reach its twin in their order.</summary>
    private readonly KeyedQueue _presence = new(int.MaxValue);

    /// <summary>
    /// Devices whose twins are to be told, once the store is back, whether they are here, and whether their session began anew; with the
    /// connection that came or went last.
    /// </summary>
    private readonly Dictionary<string, (bool Anew, int Version, MessageSource Source)> _settling = new(StringComparer.Ordinal);

    /// <summary>Devices whose connection another has just taken over, and how many times.</summary>
    private readonly ConcurrentDictionary<string, int> _moved = new(StringComparer.Ordinal);

    /// <summary>Notes that a connection speaks for a device; false if that is not new, or the connection is over.</summary>
    private bool Bind(GatewaySession session, string twinId)
    {
        if (session.Connection is not { } connection || !connection.Bind(twinId))
        {
            return false;
        }

        _roster.Add(twinId, connection);
        if (session.TakenOverAt is not null || session.DisconnectedAt is not null)
        {
            // It has ended meanwhile, and whoever ended it may not have seen the device.
            _roster.Remove(twinId, connection);
            return false;
        }

        return true;
    }

    /// <summary>Tells the twin that its device is here, and what it listens to.</summary>
    private void Announce(GatewaySession session, string twinId) => Announce(
        session,
        twinId,
        wantsDesired: session.Subscribed(NativeTopics.Desired(twinId)) is not null,
        wantsCommands: session.Subscribed(NativeTopics.CommandRequest(twinId, "name", "id")) is not null);

    /// <summary>Tells the twin that its device is here. Not awaited: neither SUBACK nor PUBACK promises it.</summary>
    private void Announce(GatewaySession session, string twinId, bool wantsDesired, bool wantsCommands)
    {
        var anew = wantsCommands && !session.Present && session.Connection?.HearsCommandsOf(twinId) == true;
        var attachment = new DeviceAttachment(session.Source, wantsDesired, wantsCommands, anew);
        // Once another gateway has the session, this one must not say that the device is here.
        _ = TellTwin(twinId, session.Source, twin => session.TakenOverAt is null ? twin.Attach(attachment, CallNumbers.Next()) : Task.CompletedTask, anew);
    }

    /// <summary>The connection is gone, and no other speaks for its devices.</summary>
    private async Task Leave(GatewayConnection connection)
    {
        // What it has said is said before it is gone.
        await connection.Channel.Idle();
        var left = connection.Close().Where(device => _roster.Remove(device, connection));
        await Task.WhenAll(left.Select(device => TellTwin(device, connection.Session.Source, twin => twin.Detach(connection.Session.Source, CallNumbers.Next()))));
    }

    /// <summary>
    /// Devices of a connection that was taken over belong to the next one, and stay online. Should that never say so,
    /// their twins are told that they are not here. A twin that knows better does not listen.
    /// </summary>
    private async Task MoveOn(string[] devices, MessageSource source)
    {
        Array.ForEach(devices, device => _moved.AddOrUpdate(device, 1, static (_, count) => count + 1));
        await Task.Delay(MovesWithin, time);
        foreach (var device in devices)
        {
            if (_moved.AddOrUpdate(device, 0, static (_, count) => count - 1) == 0)
            {
                _moved.TryRemove(new KeyValuePair<string, int>(device, 0));
            }

            if (_roster.Of(device).IsEmpty)
            {
                // Not awaited: it catches what happens.
                _ = TellTwin(device, source, twin => _roster.Of(device).IsEmpty ? twin.Detach(source, CallNumbers.Next()) : Task.CompletedTask);
            }
        }
    }

    /// <summary>Returns when the twins know what they have been told of until now.</summary>
    private async Task PresenceTold(IEnumerable<string> devices) =>
        await Task.WhenAll(devices.Select(device => _presence.Run(device, () => Task.FromResult(true), full: false)));

    /// <summary>
    /// Tells the twin, behind what it was told before; catches whatever happens. While the store fails, the twin is told once it is
    /// back what is true then: devices that come and go meanwhile do not pile up here.
    /// </summary>
    private Task<bool> TellTwin(string twinId, MessageSource source, Func<ITwinGrain, Task> tell, bool anew = false) => retry.Fault is null
        ? _presence.Run(twinId, () => Insist(twinId, tell), full: false)
        : Settle(twinId, source, anew);

    private async Task<bool> Insist(string twinId, Func<ITwinGrain, Task> tell)
    {
        var started = time.GetTimestamp();
        for (var delay = PresencePause; ; delay = StoreRetry.Longer(delay))
        {
            try
            {
                if (retry.MayTry())
                {
                    await tell(grains.Twin(twinId));
                    return true;
                }
            }
            catch (Exception exception) when (retry.IsOfStore(exception))
            {
                started = time.GetTimestamp();
            }
            catch (Exception) when (time.GetElapsedTime(started) < PresenceTriedFor)
            {
                delay = PresencePause;
            }
            catch (Exception exception)
            {
                lock (_settling)
                {
                    _settling.Remove(twinId);
                }

                PresenceFailed(exception, twinId);
                return false;
            }

            await retry.DelayAsync(delay);
        }
    }

    /// <summary>Has the twin told, when the store takes it, whether its device is here; once, however often this is called until then.</summary>
    private Task<bool> Settle(string twinId, MessageSource source, bool anew)
    {
        lock (_settling)
        {
            ref var known = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_settling, twinId, out var exists);
            known = (known.Anew || anew, known.Version + 1, source);
            if (exists)
            {
                return Task.FromResult(true);
            }
        }

        return _presence.Run(twinId, () => Insist(twinId, twin => Settle(twinId, twin)), full: false);
    }

    private async Task Settle(string twinId, ITwinGrain twin)
    {
        while (true)
        {
            (bool Anew, int Version, MessageSource Source) due;
            lock (_settling)
            {
                if (!_settling.TryGetValue(twinId, out due))
                {
                    return;
                }
            }

            await (await Locate(twinId) is { } attachment ? twin.Attach(attachment with { Anew = due.Anew }, CallNumbers.Next()) : twin.Detach(due.Source, CallNumbers.Next()));
            lock (_settling)
            {
                if (!_settling.TryGetValue(twinId, out var now) || now.Version == due.Version)
                {
                    _settling.Remove(twinId);
                    return;
                }
            }
        }
    }

    [LoggerMessage(LogEvents.TwinPresenceFailed, LogLevel.Warning, "Twin {TwinId} could not be told that its device came or went.")]
    private partial void PresenceFailed(Exception exception, string twinId);
}
