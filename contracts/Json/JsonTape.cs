using System.Buffers;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>
/// The outline of a canonical JSON text: one row per value in document order, each knowing where its text is and
/// which row follows it. Built in one streaming pass into a pooled array, so that the algorithms on documents find
/// members and copy whole subtrees as text without ever making nodes.
/// </summary>
internal readonly ref struct JsonTape
{
    /// <summary>
    /// Documents have a depth of at most 32 (see <see cref="JsonLimits"/>), their stamps twice that and an array
    /// more; the algorithms recurse by depth, and this bound keeps them far from the end of the stack.
    /// </summary>
    internal const int MaxDepth = 256;

    private readonly JsonRow[] _rows;

    private JsonTape(ReadOnlySpan<byte> text, JsonRow[] rows, int count)
    {
        Text = text;
        _rows = rows;
        Count = count;
    }

    /// <summary>The text outlined.</summary>
    internal ReadOnlySpan<byte> Text { get; }

    /// <summary>The rows, the root first; none for an empty text.</summary>
    internal int Count { get; }

    /// <summary>Outlines a text. Throws <see cref="JsonException"/> where it is not JSON.</summary>
    internal static JsonTape Parse(ReadOnlySpan<byte> text)
    {
        // A value takes four bytes or more as a rule ("a":1 has a row and five); short elements of arrays may not.
        var rows = ArrayPool<JsonRow>.Shared.Rent(Math.Max(16, text.Length / 8));
        var count = 0;
        try
        {
            if (!text.IsEmpty)
            {
                Read(text, ref rows, ref count);
            }

            return new JsonTape(text, rows, count);
        }
        catch
        {
            ArrayPool<JsonRow>.Shared.Return(rows);
            throw;
        }
    }

    private static void Read(ReadOnlySpan<byte> text, ref JsonRow[] rows, ref int count)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        var open = -1;
        var nameStart = -1;
        var nameLength = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    nameStart = (int)reader.TokenStartIndex;
                    nameLength = reader.ValueSpan.Length + 2;
                    continue;

                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    ref var closed = ref rows[open];
                    open = closed.Next;
                    closed.Next = count;
                    closed.Length = (int)reader.BytesConsumed - closed.Start;
                    continue;
            }

            if (count == rows.Length)
            {
                Grow(ref rows);
            }

            if (open >= 0)
            {
                rows[open].Count++;
            }

            ref var row = ref rows[count];
            row = new JsonRow
            {
                NameStart = nameStart,
                NameLength = nameLength,
                Start = (int)reader.TokenStartIndex,
                Length = reader.ValueSpan.Length + (reader.TokenType == JsonTokenType.String ? 2 : 0),
                Next = count + 1,
                Kind = reader.TokenType,
            };
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                // While a container is open, Next holds the container around it: a stack without a stack.
                row.Next = open;
                open = count;
            }

            nameStart = -1;
            nameLength = 0;
            count++;
        }
    }

    private static void Grow(ref JsonRow[] rows)
    {
        var larger = ArrayPool<JsonRow>.Shared.Rent(rows.Length * 2);
        rows.CopyTo(larger, 0);
        ArrayPool<JsonRow>.Shared.Return(rows);
        rows = larger;
    }

    /// <summary>What the row's value is; <see cref="JsonTokenType.None"/> for no row.</summary>
    internal JsonTokenType Kind(int row) => row < 0 || row >= Count ? JsonTokenType.None : _rows[row].Kind;

    /// <summary>Whether there is such a row and it is an object.</summary>
    internal bool IsObject(int row) => Kind(row) == JsonTokenType.StartObject;

    /// <summary>The row behind this one and all that is in it.</summary>
    internal int Next(int row) => _rows[row].Next;

    /// <summary>The members or elements of the row.</summary>
    internal int Children(int row) => _rows[row].Count;

    /// <summary>The row's name with its quotes.</summary>
    internal ReadOnlySpan<byte> Name(int row) => Text.Slice(_rows[row].NameStart, _rows[row].NameLength);

    /// <summary>The row's value, as text.</summary>
    internal ReadOnlySpan<byte> Value(int row) => Text.Slice(_rows[row].Start, _rows[row].Length);

    /// <summary>Whether the algorithm marked the row.</summary>
    internal bool IsMarked(int row) => _rows[row].Marked;

    /// <summary>Marks the row.</summary>
    internal void Mark(int row) => _rows[row].Marked = true;

    /// <summary>Finds members of an object by name; finds nothing where the row is none.</summary>
    internal MemberFinder Members(int row) =>
        IsObject(row) ? new MemberFinder(Text, _rows, row) : default;

    /// <summary>Gives the rows back to the pool.</summary>
    public void Dispose() => ArrayPool<JsonRow>.Shared.Return(_rows);
}
