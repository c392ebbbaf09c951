using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Twins.Contracts.Json;

/// <summary>
/// Canonical JSON being written into a pooled buffer. Most of what is written is text that was canonical before, so
/// it is copied; commas are put where they belong.
/// </summary>
internal ref struct JsonOutput
{
    private byte[] _buffer;

    internal JsonOutput(int capacity)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 64));
        Length = 0;
    }

    /// <summary>The bytes written.</summary>
    internal int Length { get; private set; }

    /// <summary>What was written.</summary>
    internal readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Writes text that is canonical already.</summary>
    internal void Write(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        Length += text.Length;
    }

    /// <summary>Writes one character of ASCII.</summary>
    internal void Write(char ascii)
    {
        Reserve(1)[0] = (byte)ascii;
        Length++;
    }

    /// <summary>Writes the name (with its quotes) of an object's next member, and the colon.</summary>
    internal void WriteName(ReadOnlySpan<byte> quotedName)
    {
        WriteSeparator();
        Write(quotedName);
        Write(':');
    }

    /// <summary>Writes the comma before a member or element, unless it is the first.</summary>
    internal void WriteSeparator()
    {
        // A string ends with a quote, so these two can only be the start of the container.
        if (_buffer[Length - 1] is not ((byte)'{' or (byte)'['))
        {
            Write(',');
        }
    }

    /// <summary>Writes a number.</summary>
    internal void WriteNumber(long value)
    {
        value.TryFormat(Reserve(20), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Writes a number.</summary>
    internal void WriteNumber(ulong value)
    {
        value.TryFormat(Reserve(20), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>Writes a string in the one canonical way.</summary>
    internal void WriteString(string value)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(value.Length));
        WriteString(bytes.AsSpan(0, Encoding.UTF8.GetBytes(value, bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>
    /// Writes a string, given unescaped, in the one canonical way, that of RFC 8785 section 3.2.2.2: only what must
    /// be escaped is, the short way where there is one. A string that came without a backslash is canonical as it is.
    /// </summary>
    internal void WriteString(ReadOnlySpan<byte> utf8)
    {
        Write('"');
        while (!utf8.IsEmpty)
        {
            var plain = utf8.IndexOfAny(JsonText.MustEscape);
            if (plain < 0)
            {
                Write(utf8);
                break;
            }

            Write(utf8[..plain]);
            WriteEscaped(utf8[plain]);
            utf8 = utf8[(plain + 1)..];
        }

        Write('"');
    }

    private void WriteEscaped(byte value)
    {
        Write('\\');
        switch (value)
        {
            case (byte)'"': Write('"'); break;
            case (byte)'\\': Write('\\'); break;
            case (byte)'\b': Write('b'); break;
            case (byte)'\t': Write('t'); break;
            case (byte)'\n': Write('n'); break;
            case (byte)'\f': Write('f'); break;
            case (byte)'\r': Write('r'); break;
            default:
                Write("u00"u8);
                Utf8Formatter.TryFormat(value, Reserve(2), out var written, new StandardFormat('x', 2));
                Length += written;
                break;
        }
    }

    /// <summary>Takes back what was written behind this length.</summary>
    internal void Truncate(int length) => Length = length;

    /// <summary>A copy of what was written.</summary>
    internal readonly byte[] ToArray() => Written.ToArray();

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + bytes));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(Length);
    }

    /// <summary>Gives the buffer back to the pool.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }
}
