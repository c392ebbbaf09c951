using System.Text.Unicode;

namespace Twins.Api.DeadLetters;

/// <summary>The payload of a dead letter, as far as it was kept.</summary>
/// <param name="Bytes">How long it was, in bytes.</param>
/// <param name="Encoding">How <paramref name="Start"/> is spelled: <c>utf-8</c> where it is text, else <c>base64</c>.</param>
/// <param name="Start">Its first bytes, at most 1,024.</param>
internal sealed record DeadLetterPayload(long Bytes, string Encoding, string Start)
{
    /// <summary>The longest part of a UTF-8 character that a cut can leave behind.</summary>
    private const int MaxCutBytes = 3;

    /// <summary>Text where it is text; a character that was cut in two at the end does not count against it.</summary>
    public static DeadLetterPayload Of(byte[] start, long bytes)
    {
        for (var cut = 0; cut <= Math.Min(MaxCutBytes, start.Length) && (cut == 0 || bytes > start.Length); cut++)
        {
            var text = start.AsSpan(0, start.Length - cut);
            if (Utf8.IsValid(text))
            {
                return new DeadLetterPayload(bytes, "utf-8", System.Text.Encoding.UTF8.GetString(text));
            }
        }

        return new DeadLetterPayload(bytes, "base64", Convert.ToBase64String(start));
    }
}
