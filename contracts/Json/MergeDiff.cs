namespace Twins.Contracts.Json;

/// <summary>Merge patches (RFC 7396) made from two texts. All texts are canonical, see <see cref="JsonText"/>.</summary>
public static class MergeDiff
{
    /// <summary>
    /// Returns the smallest merge patch that makes <paramref name="after"/> of <paramref name="before"/>, and <c>{}</c> if they are
    /// equal. Both are objects without null members. Numbers are compared as decimals of any length.
    /// </summary>
    public static byte[] Between(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        before.SequenceEqual(after) ? JsonText.EmptyObject.ToArray() : Write(before, after, everything: false);

    /// <summary>
    /// Returns the merge patch that makes <paramref name="after"/> of <paramref name="before"/> and names every member of
    /// <paramref name="after"/>, changed or not. If one of them is no object, it is <paramref name="after"/> itself.
    /// </summary>
    public static byte[] Replacing(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        JsonText.IsObject(before) && JsonText.IsObject(after) ? Write(before, after, everything: true) : after.ToArray();

    private static byte[] Write(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool everything)
    {
        using var old = JsonTape.Parse(before);
        using var changed = JsonTape.Parse(after);
        var output = new JsonOutput(after.Length + 64);
        try
        {
            WriteObject(old, 0, changed, 0, everything, ref output);
            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    private static void WriteObject(in JsonTape before, int old, in JsonTape after, int changed, bool everything, ref JsonOutput output)
    {
        output.Write('{');
        var known = before.Members(old);
        var kept = after.Members(changed);
        try
        {
            for (var member = changed + 1; member < after.Next(changed); member = after.Next(member))
            {
                var match = known.Find(after.Name(member));
                if (match >= 0 && !everything && JsonEquality.AreEqual(before, match, after, member))
                {
                    continue;
                }

                output.WriteName(after.Name(member));
                if (before.IsObject(match) && after.IsObject(member))
                {
                    WriteObject(before, match, after, member, everything, ref output);
                }
                else
                {
                    output.Write(after.Value(member));
                }
            }

            for (var member = old + 1; member < before.Next(old); member = before.Next(member))
            {
                if (kept.Find(before.Name(member)) < 0)
                {
                    output.WriteName(before.Name(member));
                    output.Write("null"u8);
                }
            }
        }
        finally
        {
            known.Dispose();
            kept.Dispose();
        }

        output.Write('}');
    }
}
