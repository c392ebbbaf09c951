using System.Text.Json;

namespace Twins.Contracts.Query.Matching;

/// <summary>What the document that was read last has at one path.</summary>
internal sealed class PathSlot(DocumentReading reading)
{
    private FoundValue[] _values = new FoundValue[1];
    private int _count;
    private bool _areAllEmpty;
    private long _readIn;

    /// <summary>The document that was read last.</summary>
    internal DocumentReading Reading => reading;

    /// <summary>Filters that look at it.</summary>
    internal int Uses { get; set; }

    /// <summary>Something is there.</summary>
    internal bool Exists => _readIn == reading.Number;

    /// <summary>Nothing is there, or only what is empty.</summary>
    internal bool IsEmpty => !Exists || _areAllEmpty;

    /// <summary>The single values there, those in arrays included.</summary>
    internal Span<FoundValue> Values => Exists ? _values.AsSpan(0, _count) : default;

    /// <summary>Something is there.</summary>
    internal void Find(bool isEmpty)
    {
        if (Exists)
        {
            _areAllEmpty &= isEmpty;
            return;
        }

        _readIn = reading.Number;
        _areAllEmpty = isEmpty;
        _count = 0;
    }

    /// <summary>Adds the single value that the reader is at, which was found.</summary>
    internal void Add(ref Utf8JsonReader reader)
    {
        if (_count == _values.Length)
        {
            Array.Resize(ref _values, _count * 2);
        }

        ref var value = ref _values[_count++];
        value = new FoundValue { Kind = reader.TokenType };
        if (value.Kind == JsonTokenType.String)
        {
            reading.Keep(ref reader, ref value);
        }
        else if (value.Kind == JsonTokenType.Number)
        {
            value.Number = QueryNumber.Parse(reader.ValueSpan);
        }
    }
}
