using System.Net;
using System.Net.Sockets;

namespace Twins.Tests.Harness;

/// <summary>
/// What stands before the gateways of several silos: a TCP port whose connections are dealt out to those that answer. A
/// server that does not take a connection, or says nothing to what the client says first, is passed over, and left alone
/// for a while.
/// </summary>
public sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan s_connectsWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_answersWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_leftAlone = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener;
    private readonly IPEndPoint[] _servers;
    private readonly long[] _leftAloneUntil;
    private readonly Task _accepting;
    private int _turn;

    /// <summary>Listens from now on, on a free port of 127.0.0.1.</summary>
    public Balancer(IEnumerable<IPEndPoint> servers)
    {
        _servers = [.. servers];
        _leftAloneUntil = new long[_servers.Length];
        Port = Loopback.FreePort();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start(512);
        _accepting = Accept();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_end.Token);
            // Each ends with its connection, or with this; what goes wrong closes it, and the client sees that.
            _ = Task.Run(() => Serve(client));
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var ours = client;
        client.NoDelay = true;
        var buffer = new byte[16 * 1024];
        try
        {
            var length = await client.GetStream().ReadAsync(buffer, _end.Token);
            var first = Interlocked.Increment(ref _turn) & int.MaxValue;
            for (var offset = 0; length > 0 && offset < _servers.Length; offset++)
            {
                var number = (first + offset) % _servers.Length;
                if (Environment.TickCount64 < Volatile.Read(ref _leftAloneUntil[number]))
                {
                    continue;
                }

                using var server = new TcpClient { NoDelay = true };
                if (await Offer(server, _servers[number], buffer.AsMemory(0, length)) is { } answer)
                {
                    await client.GetStream().WriteAsync(answer, _end.Token);
                    await Task.WhenAny(Pump(client, server), Pump(server, client));
                    return;
                }

                Volatile.Write(ref _leftAloneUntil[number], Environment.TickCount64 + (long)s_leftAlone.TotalMilliseconds);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // One of the two is gone, and the other learns it by the end of its connection.
        }
    }

    /// <summary>Says to a server what the client has said; null where it does not answer.</summary>
    private async Task<byte[]?> Offer(TcpClient server, IPEndPoint at, ReadOnlyMemory<byte> words)
    {
        try
        {
            using var connecting = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            connecting.CancelAfter(s_connectsWithin);
            await server.ConnectAsync(at, connecting.Token);
            using var answering = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            answering.CancelAfter(s_answersWithin);
            await server.GetStream().WriteAsync(words, answering.Token);
            var answer = new byte[4 * 1024];
            var length = await server.GetStream().ReadAsync(answer, answering.Token);
            return length == 0 ? null : answer[..length];
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException && !_end.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task Pump(TcpClient from, TcpClient to) => await from.GetStream().CopyToAsync(to.GetStream(), _end.Token);
}
