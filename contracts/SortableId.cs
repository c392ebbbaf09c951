using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Twins.Contracts;

/// <summary>
/// Ids that sort by the time they were made: a <see href="https://github.com/ulid/spec">ULID</see>, 26 characters of
/// Crockford's base 32, 48 bits of Unix milliseconds and 80 of chance. Thread-safe.
/// </summary>
public static class SortableId
{
    /// <summary>How many characters an id has.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly Lock Gate = new();
    private static UInt128 _last;

    /// <summary>
    /// Makes an id that sorts (ordinally) behind all that this process made before, even within one millisecond or
    /// when the clock is set back.
    /// </summary>
    public static string New(TimeProvider time)
    {
        Span<byte> chance = stackalloc byte[10];
        RandomNumberGenerator.Fill(chance);
        var random = UInt128.Zero;
        foreach (var value in chance)
        {
            random = (random << 8) | value;
        }

        var milliseconds = (UInt128)(ulong)time.GetUtcNow().ToUnixTimeMilliseconds();
        var id = (milliseconds << 80) | random;
        lock (Gate)
        {
            // Not newer by the clock: step over the last one by chance too (up to 2^40), so that an id does not tell
            // the next.
            if (id >> 80 <= _last >> 80)
            {
                id = _last + 1 + (random & 0xFF_FFFF_FFFF);
            }

            _last = id;
        }

        return string.Create(Length, id, static (characters, value) =>
        {
            for (var i = Length - 1; i >= 0; i--)
            {
                characters[i] = Alphabet[(int)(uint)(value & 31)];
                value >>= 5;
            }
        });
    }

    /// <summary>Reads an id's time. Takes small letters too, and none of Crockford's look-alikes.</summary>
    /// <param name="id">What may be an id.</param>
    /// <param name="madeAt">When it was made, to the millisecond.</param>
    public static bool TryParse([NotNullWhen(true)] string? id, out DateTimeOffset madeAt)
    {
        madeAt = default;

        // 26 characters have 130 bits: the first may only carry the three that are left of 128.
        if (id is not { Length: Length } || id[0] is < '0' or > '7')
        {
            return false;
        }

        var value = UInt128.Zero;
        foreach (var character in id)
        {
            var digit = Alphabet.IndexOf(char.ToUpperInvariant(character), StringComparison.Ordinal);
            if (digit < 0 || !char.IsAscii(character))
            {
                return false;
            }

            value = (value << 5) | (uint)digit;
        }

        var milliseconds = (long)(ulong)(value >> 80);
        if (milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }

        madeAt = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }
}
