using System.Buffers.Text;
using System.Text;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Http;

/// <summary>
/// Where the next page of a list starts, as an opaque base64url token. A letter in front of the position says which
/// list it belongs to, so that a cursor of another list is refused rather than misread.
/// </summary>
internal static class Cursor
{
    /// <summary>Marks cursors of the list of twins.</summary>
    public const char Twins = 't';

    /// <summary>Marks cursors of the list of dead letters.</summary>
    public const char DeadLetters = 'd';

    /// <summary>Longer than any cursor that was ever given out: an id has at most 128 characters.</summary>
    private const int MaxLength = 256;

    /// <summary>Makes the token.</summary>
    public static string Encode(char list, string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(list + position));

    /// <summary>Reads a token; a missing one is the start of the list.</summary>
    public static bool TryDecode(char list, string? token, out string? position, out Problem? problem)
    {
        position = null;
        problem = null;
        if (string.IsNullOrEmpty(token))
        {
            return true;
        }

        if (token.Length <= MaxLength && Base64Url.IsValid(token))
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
            if (text.Length > 1 && text[0] == list && Ascii.IsValid(text))
            {
                position = text[1..];
                return true;
            }
        }

        problem = RequestProblems.Parameter("cursor", token, "the cursor of an earlier page of the same list, unchanged");
        return false;
    }
}
