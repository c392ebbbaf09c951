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

    /// <summary>Marks cursors of what a query has found.</summary>
    public const char Found = 'q';

    /// <summary>The longest token of all lists: what a query was sorted by is in it.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>Longer than any token of a list in the order of ids: an id has at most 128 characters.</summary>
    private const int MaxIdLength = 256;

    /// <summary>Makes the token.</summary>
    public static string Encode(char list, string position) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(list + position));

    /// <summary>Makes the token.</summary>
    public static string Encode(char list, ReadOnlySpan<byte> position) => Base64Url.EncodeToString([(byte)list, .. position]);

    /// <summary>Reads a token; a missing one is the start of the list.</summary>
    public static bool TryDecode(char list, string? token, out string? position, out Problem? problem)
    {
        position = null;
        problem = null;
        if (string.IsNullOrEmpty(token))
        {
            return true;
        }

        if (!TryUnwrap(list, token, out var bytes, out problem))
        {
            return false;
        }

        if (token.Length <= MaxIdLength && Ascii.IsValid(bytes))
        {
            position = Encoding.ASCII.GetString(bytes);
            return true;
        }

        problem = NotUnderstood(token);
        return false;
    }

    /// <summary>Reads a token that is not empty.</summary>
    public static bool TryUnwrap(char list, string token, out byte[] position, out Problem? problem)
    {
        position = [];
        problem = null;
        if (token.Length <= MaxLength && Base64Url.IsValid(token) && Base64Url.DecodeFromChars(token) is [var mark, _, ..] bytes)
        {
            if (mark == list)
            {
                position = bytes[1..];
                return true;
            }

            // The one that is easily mistaken: filter and sort have to come along.
            if (list == Found ? (char)mark is Twins or DeadLetters : mark == Found)
            {
                problem = RequestProblems.CursorOfAnother(token);
                return false;
            }
        }

        problem = NotUnderstood(token);
        return false;
    }

    /// <summary>What is wrong with a token that was not given out.</summary>
    public static Problem NotUnderstood(string token) =>
        RequestProblems.Parameter("cursor", token, "the cursor of an earlier page of the same list, unchanged");
}
