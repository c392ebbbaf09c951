using MQTTnet.Server;
using Twins.Silo.Hosting;

namespace Twins.Silo.Links.Gateway;

/// <summary>How it ends.</summary>
internal sealed partial class MqttGateway
{
    /// <summary>
    /// Nobody new may come; what has been read becomes durable and is acknowledged; MQTT 5 clients are told that the
    /// server shuts down (0x8B), and the others find the connection closed; then the twins learn that their devices have
    /// gone. Each step is bounded: who is not acknowledged repeats, and who is not told finds out.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_server is null)
        {
            return;
        }

        silos.UnSubscribeFromSiloStatusEvents(this);
        await _adapter!.StopAsync();
        // As they are now: each is taken out when it ends.
        var (connections, sessions) = (_connections.Values.ToArray(), _sessions.Values.ToArray());
        await Within(Shutdown.Messages, connections.Select(connection => connection.Channel.Finish()), cancellationToken);
        await _server.StopAsync();
        await Within(Shutdown.Messages, connections.Select(connection => connection.Channel.Ended), cancellationToken);
        await Within(Shutdown.Presence, sessions.Select(session => session.Left), cancellationToken);
        _listening.Clear();
        await StopListening();
        grains.DeleteObjectReference<ISessionHolder>(_self!);
        await links.Remove(Address);
        _server.Dispose();
    }

    /// <summary>Returns when all are done, or the time is over.</summary>
    private async Task Within(TimeSpan limit, IEnumerable<Task> tasks, CancellationToken cancellationToken) =>
        await Task.WhenAll(tasks).WaitAsync(limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
