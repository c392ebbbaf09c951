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

        await _adapter!.StopAsync();
        await Within(Shutdown.Messages, _connections.Values.Select(connection => connection.Channel.Finish()), cancellationToken);

        // Taken out here, so that what follows is waited for here and not begun by the end of each connection.
        var connections = _connections.Keys.Select(client => _connections.TryRemove(client, out var connection) ? connection : null).OfType<GatewayConnection>().ToArray();
        await _server.StopAsync();
        await Within(Shutdown.Presence, connections.Select(Leave), cancellationToken);
        await StopListening();
        await links.Remove(Address);
        _server.Dispose();
    }

    /// <summary>Returns when all are done, or the time is over.</summary>
    private async Task Within(TimeSpan limit, IEnumerable<Task> tasks, CancellationToken cancellationToken) =>
        await Task.WhenAll(tasks).WaitAsync(limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
