using System.Runtime.InteropServices;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>
/// One property of a canonical document, named by the names on the way to it, outermost first. Only members of
/// objects are named: the elements of an array are not properties. Thread-safe.
/// </summary>
public static partial class PropertyPath
{
    /// <summary>Finds a property.</summary>
    /// <param name="document">Canonical JSON; empty if there is nothing.</param>
    /// <param name="path">The names; none for the document itself.</param>
    /// <param name="value">The property's value: a part of <paramref name="document"/>, not a copy.</param>
    public static bool TryGet(
        ReadOnlyMemory<byte> document, IReadOnlyList<string> path, out ReadOnlyMemory<byte> value)
    {
        var place = Locate(document.Span, path);
        var found = place.Depth == path.Count && !document.IsEmpty;
        value = found ? document[place.ValueStart..place.ValueEnd] : default;
        return found;
    }

    /// <summary>Nests a value: <c>["motor","rpm"]</c> and <c>1450</c> make <c>{"motor":{"rpm":1450}}</c>.</summary>
    /// <param name="path">The names; none for the value itself.</param>
    /// <param name="value">Canonical JSON.</param>
    public static byte[] Wrap(IReadOnlyList<string> path, ReadOnlySpan<byte> value)
    {
        var output = new JsonOutput(value.Length + 16 * path.Count);
        try
        {
            WriteWrapped(path, 0, value, ref output);
            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>
    /// Gives a property exactly this value. Makes the objects on the way to it, in place of whatever else is there.
    /// </summary>
    /// <param name="document">Canonical JSON; empty if there is nothing yet.</param>
    /// <param name="path">The names; none for the document itself.</param>
    /// <param name="value">Canonical JSON.</param>
    public static byte[] Set(ReadOnlySpan<byte> document, IReadOnlyList<string> path, ReadOnlySpan<byte> value)
    {
        var place = Locate(document, path);
        var output = new JsonOutput(document.Length + value.Length + 16 * path.Count);
        try
        {
            var container = document[place.ValueStart..place.ValueEnd];
            if (place.Depth < path.Count && JsonText.IsObject(container))
            {
                // A new last member, in front of the closing brace.
                output.Write(document[..(place.ValueEnd - 1)]);
                output.WriteSeparator();
                output.WriteString(path[place.Depth]);
                output.Write(':');
                WriteWrapped(path, place.Depth + 1, value, ref output);
                output.Write(document[(place.ValueEnd - 1)..]);
            }
            else
            {
                output.Write(document[..place.ValueStart]);
                WriteWrapped(path, place.Depth, value, ref output);
                output.Write(document[place.ValueEnd..]);
            }

            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Removes a property; the objects on the way to it stay.</summary>
    /// <param name="document">Canonical JSON.</param>
    /// <param name="path">The names, at least one.</param>
    /// <param name="found">Whether it was there.</param>
    public static byte[] Remove(ReadOnlySpan<byte> document, IReadOnlyList<string> path, out bool found)
    {
        if (path.Count == 0)
        {
            throw new ArgumentException("A document can not be removed from itself; name at least one property.", nameof(path));
        }

        var place = Locate(document, path);
        found = place.Depth == path.Count;
        if (!found)
        {
            return document.ToArray();
        }

        // One of the commas around the member goes with it.
        var (start, end) = (place.NameStart, place.ValueEnd);
        if (document[start - 1] == (byte)',')
        {
            start--;
        }
        else if (document[end] == (byte)',')
        {
            end++;
        }

        return [.. document[..start], .. document[end..]];
    }

    private static void WriteWrapped(
        IReadOnlyList<string> path, int from, ReadOnlySpan<byte> value, ref JsonOutput output)
    {
        for (var i = from; i < path.Count; i++)
        {
            output.Write('{');
            output.WriteString(path[i]);
            output.Write(':');
        }

        output.Write(value);
        for (var i = from; i < path.Count; i++)
        {
            output.Write('}');
        }
    }

    // Goes down the path as far as there are objects with such members.
    private static Place Locate(ReadOnlySpan<byte> document, IReadOnlyList<string> path)
    {
        var place = new Place(0, 0, 0, document.Length);
        if (document.IsEmpty)
        {
            return place;
        }

        var reader = new Utf8JsonReader(document, new JsonReaderOptions { MaxDepth = JsonTape.MaxDepth });
        reader.Read();
        while (place.Depth < path.Count && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isNext = reader.ValueTextEquals(path[place.Depth]);
                var nameStart = (int)reader.TokenStartIndex;
                reader.Read();
                if (isNext)
                {
                    place = new Place(
                        place.Depth + 1, nameStart, (int)reader.TokenStartIndex, EndOfValue(reader));
                    break;
                }

                reader.Skip();
            }

            if (reader.TokenType == JsonTokenType.EndObject)
            {
                break;
            }
        }

        return place;
    }

    // Where the deepest part of a path that exists is, in the text of its document.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(int Depth, int NameStart, int ValueStart, int ValueEnd);

    // Takes the reader by value: its caller goes on inside the value.
    private static int EndOfValue(Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
        }

        return (int)reader.BytesConsumed;
    }
}
