using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Twins.Simulators.Devices;

/// <summary>Writes small JSON texts without allocating a writer for each.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    /// <summary>The object whose members the callback writes, as UTF-8.</summary>
    public static byte[] Object<TState>(TState state, Action<Utf8JsonWriter, TState> writeMembers)
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(512);
        var writer = s_writer ??= new Utf8JsonWriter(buffer, Options);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        writeMembers(writer, state);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
