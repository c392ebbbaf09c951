using System.Text.Json;
using Twins.Contracts.Json;

namespace Twins.Contracts.Query.Matching;

/// <summary>Goes through documents once each, and puts what is at the places that somebody looks at into their slots.</summary>
internal sealed class DocumentWalk
{
    private byte[] _name = new byte[256];

    /// <summary>Walks one object, such as a document.</summary>
    /// <param name="text">The object.</param>
    /// <param name="root">The places in it; itself it is none.</param>
    /// <param name="desired">Whose text is to be noted.</param>
    /// <param name="reported">Whose text is to be noted as well.</param>
    /// <returns>The two texts, as far as they were met.</returns>
    internal (Range Desired, Range Reported) Walk(ReadOnlySpan<byte> text, PathNode root, PathNode? desired, PathNode? reported)
    {
        var (desiredText, reportedText) = (0..0, 0..0);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonTape.MaxDepth });
        reader.Read();

        // Names come once: behind the last place that somebody looks at is nothing worth reading.
        var left = root.Children;
        while (left > 0 && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = Child(root, ref reader);
            reader.Read();
            if (child is null)
            {
                reader.Skip();
                continue;
            }

            var start = (int)reader.TokenStartIndex;
            Visit(ref reader, child);
            var range = start..(int)reader.BytesConsumed;
            desiredText = child == desired ? range : desiredText;
            reportedText = child == reported ? range : reportedText;
            left--;
        }

        return (desiredText, reportedText);
    }

    /// <summary>Walks a value that is not in the document, such as the delta.</summary>
    /// <param name="text">The value.</param>
    /// <param name="place">Its place.</param>
    internal void WalkWithin(ReadOnlySpan<byte> text, PathNode place)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonTape.MaxDepth });
        reader.Read();
        Visit(ref reader, place);
    }

    // Ends at the last token of the value. An element of an array is at the place of the array: that it is found there too changes
    // nothing, because an array that has elements exists and is not empty.
    private void Visit(ref Utf8JsonReader reader, PathNode node)
    {
        if (node.Times is not null)
        {
            ReadTimes(reader, node.Times);
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                VisitObject(ref reader, node);
                break;

            case JsonTokenType.StartArray:
                VisitArray(ref reader, node);
                break;

            case JsonTokenType.Null:
                break;

            default:
                node.Values?.Find(reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty);
                node.Values?.Add(ref reader);
                break;
        }
    }

    private void VisitObject(ref Utf8JsonReader reader, PathNode node)
    {
        if (node.Children == 0 && node.Values is null)
        {
            reader.Skip();
            return;
        }

        reader.Read();
        node.Values?.Find(reader.TokenType == JsonTokenType.EndObject);
        for (; reader.TokenType == JsonTokenType.PropertyName; reader.Read())
        {
            var child = node.Children == 0 ? null : Child(node, ref reader);
            reader.Read();
            if (child is null)
            {
                reader.Skip();
            }
            else
            {
                Visit(ref reader, child);
            }
        }
    }

    private void VisitArray(ref Utf8JsonReader reader, PathNode node)
    {
        if (node.Children == 0 && node.Values is null)
        {
            reader.Skip();
            return;
        }

        reader.Read();
        node.Values?.Find(reader.TokenType == JsonTokenType.EndArray);
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            Visit(ref reader, node);
        }
    }

    private PathNode? Child(PathNode node, ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return node.Find(reader.ValueSpan);
        }

        if (_name.Length < reader.ValueSpan.Length)
        {
            _name = new byte[reader.ValueSpan.Length];
        }

        return node.Find(_name.AsSpan(0, reader.CopyString(_name)));
    }

    // The metadata of a property is an object, and what is no object in it is a time. Takes the reader by value: its caller goes on
    // where it was.
    private static void ReadTimes(Utf8JsonReader reader, TimesSlot times)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth > depth))
        {
            if (reader.TokenType == JsonTokenType.String && TimeText.TryParse(reader.ValueSpan, out var time))
            {
                times.Add(time);
            }
        }
    }
}
