using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Twins.Simulators.Mqtt;

namespace Twins.Simulators.Ledgers;

/// <summary>
/// A ledger in a file, see <see cref="LedgerFormat"/>. Entries are put into a buffer of 4 MiB, which a writer of its own
/// brings to the file when 64 KiB are there and at least each second; when the buffer is full, callers wait for the writer.
/// </summary>
internal sealed class LedgerFile : ILedger, IAsyncDisposable
{
    private const int Capacity = 4 * 1024 * 1024;
    private const int WorthWriting = 64 * 1024;
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly FileStream _file;
    private readonly TimeProvider _time;

    // Monitor rather than Lock: who finds the buffer full waits for a pulse.
    private readonly object _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _broken = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _writing;
    private ArrayBufferWriter<byte> _filling = new(2 * WorthWriting);
    private ArrayBufferWriter<byte> _draining = new(2 * WorthWriting);
    private long _entries;
    private long _acknowledged;
    private bool _woken;
    private bool _closed;

    private LedgerFile(string path, FileStream file, LedgerHeader header, TimeProvider time)
    {
        _path = path;
        _file = file;
        _time = time;
        WriteHeader(header);
        _writing = WriteAsync();
    }

    /// <summary>How many reports were noted.</summary>
    public long Entries => Interlocked.Read(ref _entries);

    /// <summary>How many of them were acknowledged.</summary>
    public long AcknowledgedEntries => Interlocked.Read(ref _acknowledged);

    /// <summary>Why entries no longer reach the file, or null: one sentence.</summary>
    public LedgerException? Failure { get; private set; }

    /// <summary>Cancelled when <see cref="Failure"/> is there: a run without its ledger is not worth going on.</summary>
    public CancellationToken Broken => _broken.Token;

    /// <summary>Makes a new file.</summary>
    /// <exception cref="LedgerException">It is there already, or can not be made.</exception>
    public static LedgerFile Create(string path, LedgerHeader header, TimeProvider time)
    {
        try
        {
            // Read by others: a run's ledger can be looked at while it grows.
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0, Options = FileOptions.Asynchronous,
            });
            return On(path, file, header, time);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new LedgerException($"ledger \"{path}\" is there already; name another file, or remove it", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException($"ledger \"{path}\" can not be written: {exception.Message.TrimEnd('.')}", exception);
        }
    }

    /// <summary>Writes to a file that is open, and closes it at the end.</summary>
    internal static LedgerFile On(string path, FileStream file, LedgerHeader header, TimeProvider time) => new(path, file, header, time);

    public long Sent(string twinId, ReadOnlyMemory<byte> patch, MessageStamp stamp)
    {
        lock (_gate)
        {
            WaitForSpace();
            var number = ++_entries;
            Put("{\"n\":"u8);
            Put(number);
            Put(",\"id\":\""u8);

            // A twin id needs no escaping.
            PutAscii(twinId);
            Put("\""u8);
            if (stamp.Epoch is { } epoch)
            {
                Put(",\"epoch\":"u8);
                Put(epoch);
            }

            if (stamp.Seq is { } seq)
            {
                Put(",\"seq\":"u8);
                Put(seq);
            }

            if (stamp.Time is { } time)
            {
                Put(",\"ts\":\""u8);
                PutAscii(time);
                Put("\""u8);
            }

            Put(",\"patch\":"u8);
            Put(patch.Span);
            Put("}\n"u8);
            Wake();
            return number;
        }
    }

    public void Acknowledged(long entry)
    {
        lock (_gate)
        {
            WaitForSpace();
            _acknowledged++;
            Put("{\"ack\":"u8);
            Put(entry);
            Put("}\n"u8);
            Wake();
        }
    }

    /// <summary>Writes what is left, and the end. What could not be written is in <see cref="Failure"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            Put("{\"end\":"u8);
            Put(_entries);
            Put("}\n"u8);
            _closed = true;
        }

        await _closing.CancelAsync();
        await _writing;
        try
        {
            await _file.DisposeAsync();
        }
        catch (IOException exception)
        {
            Fail(exception);
        }

        _wake.Dispose();
        _closing.Dispose();
        _broken.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            for (var last = false; !last;)
            {
                await WorthWritingAsync();
                ArrayBufferWriter<byte> full;
                lock (_gate)
                {
                    last = _closed;
                    (_filling, _draining) = (_draining, _filling);
                    full = _draining;
                    _woken = false;
                    Monitor.PulseAll(_gate);
                }

                await _file.WriteAsync(full.WrittenMemory);
                full.ResetWrittenCount();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(exception);
        }
    }

    private async Task WorthWritingAsync()
    {
        using var second = new CancellationTokenSource(WriteEvery, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(second.Token, _closing.Token);
        try
        {
            await _wake.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // A second is over, or there is nothing more to come.
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            Failure ??= new LedgerException($"ledger \"{_path}\" can not be written any more: {exception.Message.TrimEnd('.')}", exception);
            Monitor.PulseAll(_gate);
        }

        _broken.Cancel();
    }

    // Devices that go on after a failure, until somebody sees Broken, note nothing.
    private void WaitForSpace()
    {
        while (_filling.WrittenCount >= Capacity && Failure is null && !_closed)
        {
            Monitor.Wait(_gate);
        }

        if (Failure is not null)
        {
            _filling.ResetWrittenCount();
        }

        ObjectDisposedException.ThrowIf(_closed, this);
    }

    private void Wake()
    {
        if (_filling.WrittenCount >= WorthWriting && !_woken)
        {
            _woken = true;
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    private void WriteHeader(LedgerHeader header)
    {
        using var json = new Utf8JsonWriter(_filling);
        json.WriteStartObject();
        json.WriteNumber(LedgerFormat.VersionName, LedgerFormat.Version);
        json.WriteString(LedgerFormat.BrokerName, header.Broker);
        if (header.Seed is { } seed)
        {
            json.WriteNumber(LedgerFormat.SeedName, seed);
        }

        json.WriteString(LedgerFormat.PlanName, header.Plan);
        json.WriteString(LedgerFormat.StartedName, header.Started.ToUniversalTime());
        json.WriteEndObject();
        json.Flush();
        Put("\n"u8);
    }

    private void Put(ReadOnlySpan<byte> text) => _filling.Write(text);

    private void PutAscii(string text)
    {
        var length = Encoding.UTF8.GetBytes(text, _filling.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _filling.Advance(length);
    }

    private void Put(long number)
    {
        Utf8Formatter.TryFormat(number, _filling.GetSpan(20), out var length);
        _filling.Advance(length);
    }

    private void Put(ulong number)
    {
        Utf8Formatter.TryFormat(number, _filling.GetSpan(20), out var length);
        _filling.Advance(length);
    }
}
