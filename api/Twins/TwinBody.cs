using System.Buffers;
using System.Text.Json;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Twins;

/// <summary>
/// What PUT and PATCH of a whole twin may carry: <c>tags</c>, <c>desired</c> and <c>model</c>, and, so that what was
/// read can be sent back, an <c>id</c> and a <c>revision</c> that must be the twin's.
/// </summary>
/// <param name="Canonical">The body without <c>id</c> and <c>revision</c>.</param>
/// <param name="Revision">The revision that the twin must still be at; null if the body says none.</param>
internal sealed record TwinBody(byte[] Canonical, long? Revision)
{
    /// <summary>Checks the members of a body.</summary>
    public static bool TryRead(string id, byte[] canonical, out TwinBody? body, out Problem? problem)
    {
        body = null;
        var reader = new Utf8JsonReader(canonical);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = RequestProblems.WrongShape("the body", "an object like {\"tags\":{…},\"desired\":{…},\"model\":\"…\"}");
            return false;
        }

        var kept = new ArrayBufferWriter<byte>(canonical.Length);
        kept.Write("{"u8);
        long? revision = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var name = reader.GetString()!;
            reader.Read();
            problem = Check(name, id, ref reader, ref revision);
            if (problem is not null)
            {
                return false;
            }

            reader.Skip();
            if (name is not ("id" or "revision"))
            {
                if (kept.WrittenCount > 1)
                {
                    kept.Write(","u8);
                }

                // A slice of canonical JSON is canonical.
                kept.Write(canonical.AsSpan(start, (int)reader.BytesConsumed - start));
            }
        }

        kept.Write("}"u8);
        problem = null;
        body = new TwinBody(kept.WrittenSpan.ToArray(), revision);
        return true;
    }

    private static Problem? Check(string name, string id, ref Utf8JsonReader value, ref long? revision)
    {
        switch (name)
        {
            case "tags" or "desired":
                return value.TokenType is JsonTokenType.StartObject or JsonTokenType.Null
                    ? null
                    : RequestProblems.WrongShape(name, "an object (or null, to empty it)", "/" + name);
            case "model":
                return value.TokenType is JsonTokenType.String or JsonTokenType.Null
                    ? null
                    : RequestProblems.WrongShape("model", "a string (or null, for none)", "/model");
            case "id":
                return value.TokenType == JsonTokenType.Null || (value.TokenType == JsonTokenType.String && value.ValueTextEquals(id))
                    ? null
                    : RequestProblems.WrongShape("id", $"\"{id}\", the id in the address, or left out", "/id");
            case "revision":
                if (value.TokenType == JsonTokenType.Null)
                {
                    return null;
                }

                if (value.TokenType == JsonTokenType.Number && value.TryGetInt64(out var number) && number >= 0)
                {
                    revision = number;
                    return null;
                }

                return RequestProblems.WrongShape("revision", "the revision the twin must still be at, or left out", "/revision");
            case "reported":
                return RequestProblems.UnknownMember(name, $"only the device says what is reported; a device that speaks HTTP writes /twins/{id}/reported");
            case "connection" or "metadata" or "createdAt" or "modifiedAt":
                return RequestProblems.UnknownMember(name, "the platform keeps it; leave it out");
            default:
                return RequestProblems.UnknownMember(name, "a twin takes tags, desired and model");
        }
    }
}
