using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace Twins.Silo.Links;

/// <summary>
/// A channel that asks the system less often than MQTTnet, which reads a packet in two or three pieces and writes each
/// packet by itself: this reads as much as has come, and writes together what is written close together. Reads come
/// one after the other; writes are safe for any thread.
/// </summary>
internal sealed class BufferedChannel(IMqttChannel inner) : IMqttChannel, IThreadPoolWorkItem
{
    private const int ReadBytes = 32 * 1024;

    /// <summary>Bytes that may wait to be written; beyond, whoever writes waits until they are.</summary>
    private const int MostWaiting = 64 * 1024;

    private readonly Lock _gate = new();
    private byte[]? _read;
    private int _readAt;
    private int _readEnd;

    /// <summary>How much the last read of more than a header brought: often the same as the one before, which needs no new object.</summary>
    private Task<int> _lastRead = Task.FromResult(0);

    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _writing = new();

    /// <summary>Completes when nothing waits any more; null where nothing does.</summary>
    private TaskCompletionSource? _writes;
    private Exception? _failure;

    public X509Certificate2 ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    /// <summary>Writes what waits, and closes.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Task? writes;
        lock (_gate)
        {
            writes = _writes?.Task;
        }

        if (writes is not null)
        {
            await writes.WaitAsync(cancellationToken);
        }

        await inner.DisconnectAsync(cancellationToken);
    }

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_readAt == _readEnd)
        {
            return ReadFurther(buffer, offset, count, cancellationToken);
        }

        count = TakeRead(buffer, offset, count);
        // The framework keeps the smallest by itself.
        return count <= 8 ? Task.FromResult(count) : _lastRead.Result == count ? _lastRead : _lastRead = Task.FromResult(count);
    }

    /// <summary>Returns at once, unless too much waits: that it was written is not known then.</summary>
    /// <exception cref="MqttCommunicationException">An earlier write has failed; the channel is closed.</exception>
    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        Task wait;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return Task.FromException(new MqttCommunicationException(_failure));
            }

            foreach (var segment in buffer)
            {
                _waiting.Write(segment.Span);
            }

            if (_writes is null)
            {
                _writes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                // Not on this thread: meanwhile others add theirs.
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }

            wait = _waiting.WrittenCount < MostWaiting ? Task.CompletedTask : _writes.Task;
        }

        return wait.IsCompleted ? wait : wait.WaitAsync(cancellationToken);
    }

    public void Dispose() => inner.Dispose();

    // Not awaited: it ends with what waits, and a failure is told to whoever writes next.
    void IThreadPoolWorkItem.Execute() => _ = Write();

    private async Task<int> ReadFurther(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (count >= ReadBytes)
        {
            return await inner.ReadAsync(buffer, offset, count, cancellationToken);
        }

        _read ??= new byte[ReadBytes];
        _readAt = _readEnd = 0;
        _readEnd = await inner.ReadAsync(_read, 0, ReadBytes, cancellationToken);
        return TakeRead(buffer, offset, count);
    }

    private int TakeRead(byte[] buffer, int offset, int count)
    {
        count = Math.Min(count, _readEnd - _readAt);
        _read.AsSpan(_readAt, count).CopyTo(buffer.AsSpan(offset));
        _readAt += count;
        return count;
    }

    private async Task Write()
    {
        try
        {
            while (TakeWaiting() is { } bytes)
            {
                await inner.WriteAsync(new ReadOnlySequence<byte>(bytes), isEndOfPacket: true, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            TaskCompletionSource writes;
            lock (_gate)
            {
                _failure = exception;
                writes = _writes!;
            }

            // Whoever reads notices too, and nobody waits for what will not be written.
            inner.Dispose();
            writes.SetResult();
        }
    }

    /// <summary>What is to be written now; null where nothing is.</summary>
    private ReadOnlyMemory<byte>? TakeWaiting()
    {
        TaskCompletionSource writes;
        lock (_gate)
        {
            if (_waiting.WrittenCount > 0)
            {
                (_waiting, _writing) = (_writing, _waiting);
                _waiting.ResetWrittenCount();
                return _writing.WrittenMemory;
            }

            writes = _writes!;
            _writes = null;
        }

        writes.SetResult();
        return null;
    }
}
