using System.Buffers;
using System.Text.Json;

namespace Twins.Contracts.Json;

public static partial class JsonText
{
    private static Problem? Normalize(
        ReadOnlySpan<byte> utf8, JsonLimits limits, ref JsonOutput output, ref NameSet names)
    {
        // One deeper than the limit, so that it is this method that finds the limit exceeded.
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = limits.MaxDepth + 1 });

        // The object each level of depth is in, by number; arrays take a place and no number.
        Span<int> scopes = limits.MaxDepth < 128 ? stackalloc int[limits.MaxDepth + 1] : new int[limits.MaxDepth + 1];
        var objects = 0;
        var afterName = false;
        while (reader.Read())
        {
            var isValue = reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray);
            if (isValue && !afterName && output.Length > 0)
            {
                output.WriteSeparator();
            }

            afterName = false;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (reader.CurrentDepth >= limits.MaxDepth)
                    {
                        return PayloadProblems.TooDeep(utf8, (int)reader.TokenStartIndex, limits);
                    }

                    scopes[reader.CurrentDepth] = ++objects;
                    output.Write(reader.TokenType == JsonTokenType.StartObject ? '{' : '[');
                    break;

                case JsonTokenType.EndObject:
                    output.Write('}');
                    break;

                case JsonTokenType.EndArray:
                    output.Write(']');
                    break;

                case JsonTokenType.PropertyName:
                    var start = output.Length;
                    if (!TryWriteString(ref reader, ref output, out var nameBytes))
                    {
                        return PayloadProblems.UnpairedSurrogate(utf8, (int)reader.TokenStartIndex);
                    }

                    if (nameBytes > limits.MaxNameBytes)
                    {
                        return PayloadProblems.NameTooLong(utf8, (int)reader.TokenStartIndex, nameBytes, limits);
                    }

                    if (output.Written[start..] is [_, (byte)'.', _] or [_, (byte)'.', (byte)'.', _]
                        || (reader.ValueIsEscaped && reader.GetString()!.Contains('\0', StringComparison.Ordinal)))
                    {
                        return PayloadProblems.NameWithoutAddress(utf8, (int)reader.TokenStartIndex);
                    }

                    if (!names.Add(scopes[reader.CurrentDepth - 1], output.Written, start, output.Length - start))
                    {
                        return PayloadProblems.DuplicateName(
                            utf8, (int)reader.TokenStartIndex, output.Written[start..]);
                    }

                    output.Write(':');
                    afterName = true;
                    break;

                case JsonTokenType.String:
                    if (!TryWriteString(ref reader, ref output, out _))
                    {
                        return PayloadProblems.UnpairedSurrogate(utf8, (int)reader.TokenStartIndex);
                    }

                    break;

                default:
                    output.Write(reader.ValueSpan);
                    break;
            }
        }

        return null;
    }

    private static bool TryWriteString(ref Utf8JsonReader reader, ref JsonOutput output, out int unescapedBytes)
    {
        unescapedBytes = reader.ValueSpan.Length;
        if (!reader.ValueIsEscaped)
        {
            output.Write('"');
            output.Write(reader.ValueSpan);
            output.Write('"');
            return true;
        }

        var unescaped = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            unescapedBytes = reader.CopyString(unescaped);
            output.WriteString(unescaped.AsSpan(0, unescapedBytes));
            return true;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for half of a surrogate pair; all other escapes it has checked before.
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unescaped);
        }
    }
}
