using System.Text;
using System.Text.Json;

namespace Twins.Contracts.Query.Matching;

/// <summary>
/// What is kept of the document that was read last: the texts that somebody looks at, one behind the other, unescaped. The buffers
/// are used again for the next one.
/// </summary>
internal sealed class DocumentReading
{
    private byte[] _texts = new byte[1024];
    private int _textsLength;
    private char[] _characters = [];
    private int _charactersLength;

    /// <summary>How many documents were read, this one included: what was found in another one is not of this one.</summary>
    internal long Number { get; private set; }

    /// <summary>When it is asked.</summary>
    internal DateTimeOffset Now { get; private set; }

    /// <summary>Starts with a document.</summary>
    internal void Start(DateTimeOffset now)
    {
        Number++;
        Now = now;
        _textsLength = 0;
        _charactersLength = 0;
    }

    /// <summary>Keeps the text that the reader is at.</summary>
    internal void Keep(ref Utf8JsonReader reader, ref FoundValue value)
    {
        EnsureRoom(ref _texts, _textsLength, reader.ValueSpan.Length);
        value.Start = _textsLength;
        value.Length = reader.CopyString(_texts.AsSpan(_textsLength));
        _textsLength += value.Length;
    }

    /// <summary>The text of a value.</summary>
    internal ReadOnlySpan<byte> Utf8(in FoundValue value) => _texts.AsSpan(value.Start, value.Length);

    /// <summary>The text of a value in UTF-16.</summary>
    internal ReadOnlySpan<char> Utf16(ref FoundValue value)
    {
        if (value.Characters == 0)
        {
            EnsureRoom(ref _characters, _charactersLength, value.Length);
            value.Characters = _charactersLength + 1;
            value.CharactersLength = Encoding.UTF8.GetChars(Utf8(value), _characters.AsSpan(_charactersLength));
            _charactersLength += value.CharactersLength;
        }

        return _characters.AsSpan(value.Characters - 1, value.CharactersLength);
    }

    /// <summary>The time that a text is, in Unix milliseconds; null if it is none.</summary>
    internal long? Time(ref FoundValue value)
    {
        value.IsTime ??= TimeText.TryParse(Utf8(value), out value.Time);
        return value.IsTime == true ? value.Time : null;
    }

    private static void EnsureRoom<T>(ref T[] buffer, int length, int more)
    {
        if (buffer.Length - length < more)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
        }
    }
}
