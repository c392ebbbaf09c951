using System.Buffers;
using System.Text.Json;
using Twins.Api.Http;
using Twins.Api.Live;
using Twins.Contracts.Events;
using Twins.Contracts.Json;

namespace Twins.Api.Events;

/// <summary>An event in the ring, spelled when the first client wants it and then shared by all.</summary>
/// <param name="sequence">Its place in the order of this process.</param>
/// <param name="stream">What the ids of this process's events start with.</param>
/// <param name="twinEvent">What happened; null where events were missed here.</param>
internal sealed class HubEvent(long sequence, string stream, TwinEvent? twinEvent)
{
    /// <summary>What a CloudEvents type starts with; the kind follows.</summary>
    private const string TypePrefix = "twins.";

    /// <summary>What the parts of an event other than its data take, about.</summary>
    private const int Overhead = 512;

    private byte[]? _cloudEvent;

    /// <summary>Its place in the order of this process.</summary>
    public long Sequence => sequence;

    /// <summary>Whose event; null concerns everybody.</summary>
    public string? TwinId => twinEvent?.TwinId;

    /// <summary>What kind; a gap is of every kind.</summary>
    public EventKinds Kind { get; } = twinEvent is null ? EventKinds.All : EventKinds.Of(twinEvent.Kind);

    /// <summary>The twin is gone.</summary>
    public bool IsDeletion => twinEvent?.Kind == TwinEventKinds.Deleted;

    /// <summary>The twin's document after it, for a deletion before it; null where it came without.</summary>
    public byte[]? Document => twinEvent?.Document;

    /// <summary>The revision of the twin that is told: the document's, which may be later than the event's.</summary>
    public long Revision => twinEvent is null ? 0
        : IsDeletion || twinEvent.Document is null ? twinEvent.Revision
        : Math.Max(twinEvent.Revision, DocumentRevision.Of(twinEvent.Document));

    /// <summary>Where a stream stands behind it.</summary>
    public string Id => field ??= EventId.Format(stream, sequence);

    /// <summary>About how much memory it holds, in bytes: the event, as it came and as it is spelled.</summary>
    public int Bytes => Overhead + (2 * (twinEvent?.Data.Length ?? 0)) + (twinEvent?.Document?.Length ?? 0);

    /// <summary>As it goes to who follows events. Two that ask at once may both spell it; either copy is right.</summary>
    public LiveMessage Message => twinEvent is null
        ? LiveMessage.Reset(Id, LiveMessage.SourceGap)
        : LiveMessage.Of(twinEvent.Kind, Id, _cloudEvent ??= CloudEvent(twinEvent));

    /// <summary>A CloudEvents 1.0 object in its JSON format, on one line.</summary>
    private static byte[] CloudEvent(TwinEvent twinEvent)
    {
        var buffer = new ArrayBufferWriter<byte>(twinEvent.Data.Length + 384);
        using (var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("specversion"u8, "1.0"u8);
            writer.WriteString("id"u8, twinEvent.Id);
            writer.WriteString("source"u8, "/twins/" + twinEvent.TwinId);
            writer.WriteString("type"u8, TypePrefix + twinEvent.Kind);
            writer.WriteString("subject"u8, twinEvent.TwinId);
            writer.WriteString("time"u8, UtcTime.ToText(twinEvent.At));
            writer.WriteString("datacontenttype"u8, "application/json"u8);
            writer.WritePropertyName("data"u8);
            writer.WriteRawValue(twinEvent.Data, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
