using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;
using Twins.Silo.Links;
using Xunit;

namespace Twins.Silo.Tests.Links;

public sealed class BufferedChannelTests : IDisposable
{
    private readonly FakeSocket _inner = new();
    private readonly BufferedChannel _channel;

    public BufferedChannelTests() => _channel = new BufferedChannel(_inner);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_is_read_in_order_in_pieces_of_any_size_with_one_look_at_the_system()
    {
        var sent = Bytes(10_000);
        _inner.Incoming.Enqueue(sent);
        var read = new List<byte>();
        foreach (var size in new[] { 1, 2, 100, 3, 9_000, 9_000 })
        {
            var piece = new byte[size];
            var count = await _channel.ReadAsync(piece, 0, size, Ended);
            read.AddRange(piece.AsSpan(0, count));
        }

        Assert.Equal(sent, read);
        Assert.Equal(1, _inner.Reads);
        Assert.Equal(0, await _channel.ReadAsync(new byte[1], 0, 1, Ended));
    }

    [Fact]
    public async Task A_read_larger_than_the_buffer_goes_past_it()
    {
        _inner.Incoming.Enqueue(Bytes(100_000));
        var whole = new byte[100_000];

        Assert.Equal(100_000, await _channel.ReadAsync(whole, 0, whole.Length, Ended));
        Assert.Equal(Bytes(100_000), whole);
    }

    [Fact]
    public async Task After_a_read_that_failed_nothing_old_is_read_again()
    {
        _inner.Incoming.Enqueue(Bytes(10));
        await _channel.ReadAsync(new byte[10], 0, 10, Ended);
        _inner.Incoming.Enqueue(null);

        await Assert.ThrowsAsync<IOException>(() => _channel.ReadAsync(new byte[1], 0, 1, Ended));
        Assert.Equal(0, await _channel.ReadAsync(new byte[1], 0, 1, Ended));
    }

    [Fact]
    public async Task Writes_leave_in_order_and_together()
    {
        _inner.Hold();
        for (byte i = 0; i < 200; i++)
        {
            await _channel.WriteAsync(Sequence([i, i]), isEndOfPacket: true, Ended);
        }

        _inner.Release();
        await _channel.DisconnectAsync(Ended);

        Assert.Equal(Enumerable.Range(0, 200).SelectMany(i => new[] { (byte)i, (byte)i }), _inner.Written.SelectMany(bytes => bytes));
        Assert.True(_inner.Written.Count <= 2, $"200 packets in {_inner.Written.Count} writes");
        Assert.True(_inner.Disconnected);
    }

    [Fact]
    public async Task Whoever_writes_waits_when_too_much_waits()
    {
        _inner.Hold();
        await _channel.WriteAsync(Sequence(Bytes(1)), isEndOfPacket: true, Ended);
        await Eventually.Holds(() => Task.FromResult(_inner.Writing), writing => writing);

        var full = _channel.WriteAsync(Sequence(Bytes(64 * 1024)), isEndOfPacket: true, Ended);

        Assert.False(full.IsCompleted);
        _inner.Release();
        await full;
        Assert.Equal((64 * 1024) + 1, _inner.Written.Sum(bytes => bytes.Length));
    }

    [Fact]
    public async Task A_write_that_fails_closes_the_channel_and_is_told_to_the_next()
    {
        _inner.Broken = true;
        await _channel.WriteAsync(Sequence([1]), isEndOfPacket: true, Ended);
        await Eventually.Holds(() => Task.FromResult(_inner.Disposed), disposed => disposed);

        await Assert.ThrowsAsync<MqttCommunicationException>(() => _channel.WriteAsync(Sequence([2]), isEndOfPacket: true, Ended));
        await _channel.DisconnectAsync(Ended);
    }

    public void Dispose() => _channel.Dispose();

    private static ReadOnlySequence<byte> Sequence(byte[] bytes) => new(bytes);

    private static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 31))];

    private sealed class FakeSocket : IMqttChannel
    {
        private readonly List<byte[]> _written = [];
        private TaskCompletionSource _open = Opened();

        /// <summary>What comes with one look each; null: the look fails. When there is no more, the end.</summary>
        public Queue<byte[]?> Incoming { get; } = new();

        public int Reads { get; private set; }

        public IReadOnlyList<byte[]> Written => _written;

        public bool Writing { get; private set; }

        public bool Broken { get; set; }

        public bool Disconnected { get; private set; }

        public bool Disposed { get; private set; }

        public X509Certificate2 ClientCertificate => null!;

        public EndPoint RemoteEndPoint => null!;

        public EndPoint LocalEndPoint => null!;

        public bool IsSecureConnection => false;

        public void Hold() => _open = new TaskCompletionSource();

        public void Release() => _open.SetResult();

        public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task DisconnectAsync(CancellationToken cancellationToken)
        {
            Disconnected = true;
            return Task.CompletedTask;
        }

        public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            if (!Incoming.TryDequeue(out var bytes))
            {
                return Task.FromResult(0);
            }

            Reads++;
            if (bytes is null)
            {
                throw new IOException("broken");
            }

            bytes.CopyTo(buffer, offset);
            return Task.FromResult(bytes.Length);
        }

        public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
        {
            Writing = true;
            await _open.Task;
            if (Broken)
            {
                throw new IOException("broken");
            }

            _written.Add(buffer.ToArray());
        }

        public void Dispose() => Disposed = true;

        private static TaskCompletionSource Opened()
        {
            var open = new TaskCompletionSource();
            open.SetResult();
            return open;
        }
    }
}
