using System.Buffers;
using System.Text;
using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Api.Live;

/// <summary>
/// Spells one subscription of a WebSocket: each message is a text frame
/// <c>{"subscription":"a","event":"changed","id":"…","data":{…}}</c>.
/// </summary>
/// <param name="output">The connection, which its subscriptions share.</param>
/// <param name="subscription">The subscription; null for what is about none.</param>
internal sealed class SocketSink(SocketOutput output, string? subscription) : ILiveSink
{
    /// <summary>How much is spelled before it is sent, in bytes.</summary>
    private const int FlushBytes = 32 * 1024;

    private readonly byte[] _start = Start(subscription);
    private readonly List<int> _ends = [];
    private ArrayBufferWriter<byte> _spelled = new(1024);
    private string? _lastId;

    /// <inheritdoc/>
    public bool IsFull => _spelled.WrittenCount >= FlushBytes;

    /// <inheritdoc/>
    public void Opened(string id) => Write(LiveMessage.Of("subscribed", id, "{}"u8.ToArray()));

    /// <inheritdoc/>
    public void Write(in LiveMessage message)
    {
        _spelled.Write(_start);
        Encoding.UTF8.GetBytes(message.Name, _spelled);
        if (message.Id.Length > 0)
        {
            _spelled.Write("\",\"id\":\""u8);
            Encoding.UTF8.GetBytes(message.Id, _spelled);
            _lastId = message.Id;
        }

        _spelled.Write("\",\"data\":"u8);
        message.WriteData(_spelled);
        _spelled.Write("}"u8);
        _ends.Add(_spelled.WrittenCount);
    }

    /// <inheritdoc/>
    public async ValueTask Flush(CancellationToken cancellationToken)
    {
        if (_ends.Count == 0)
        {
            return;
        }

        await output.Send(_spelled.WrittenMemory, _ends, cancellationToken);
        _ends.Clear();
        if (_spelled.Capacity > 2 * FlushBytes)
        {
            // One large document is no reason to keep so much for each of 64 subscriptions.
            _spelled = new ArrayBufferWriter<byte>(1024);
        }
        else
        {
            _spelled.ResetWrittenCount();
        }
    }

    /// <summary>Where the stream stands, if that has moved; that it lives, the connection has pings of its own for.</summary>
    public ValueTask Heartbeat(string? position, CancellationToken cancellationToken)
    {
        if (position is null || position == _lastId)
        {
            return ValueTask.CompletedTask;
        }

        Write(LiveMessage.Of("position", position, "{}"u8.ToArray()));
        return Flush(cancellationToken);
    }

    private static byte[] Start(string? subscription)
    {
        var buffer = new ArrayBufferWriter<byte>(96);
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            if (subscription is not null)
            {
                json.WriteString("subscription"u8, subscription);
            }

            // The value follows with each message.
            json.WritePropertyName("event"u8);
        }

        return [.. buffer.WrittenSpan, (byte)'"'];
    }
}
