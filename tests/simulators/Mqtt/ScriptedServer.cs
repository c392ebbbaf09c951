using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MQTTnet.Exceptions;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Tests.Mqtt;

/// <summary>A server on the loopback that does with each connection what a test's script says, right or wrong.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ScriptedConnection> _connections = new();
    private readonly ConcurrentQueue<Task> _scripts = new();
    private readonly Func<ScriptedConnection, Task> _script;
    private readonly Func<NetworkStream, Task<Stream>>? _wrap;
    private readonly Task _accepting;
    private int _count;

    /// <param name="script">What to do with a connection; it is closed afterwards.</param>
    /// <param name="wrap">What stands between the socket and MQTT; null: nothing.</param>
    public ScriptedServer(Func<ScriptedConnection, Task> script, Func<NetworkStream, Task<Stream>>? wrap = null)
    {
        _script = script;
        _wrap = wrap;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public BrokerAddress Address => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>How many connections there were.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Ends the server; fails if a script failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var connection in _connections)
        {
            connection.Dispose();
        }

        await _accepting;
        await Task.WhenAll(_scripts);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _scripts.Enqueue(RunAsync(new NetworkStream(socket, ownsSocket: true), Interlocked.Increment(ref _count)));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task RunAsync(NetworkStream socket, int number)
    {
        try
        {
            using var connection = new ScriptedConnection(_wrap is null ? socket : await _wrap(socket), number);
            _connections.Enqueue(connection);
            await _script(connection);
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Closed under the script.
        }
        catch (MqttCommunicationException)
        {
            // The client has gone: a test that minds looks at the client.
        }
    }
}
