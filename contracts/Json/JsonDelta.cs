using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>What of desired differs from reported. Thread-safe.</summary>
public static class JsonDelta
{
    /// <summary>
    /// The members of desired that reported does not have, or has with another value: objects member by member,
    /// arrays and scalars as a whole; numbers by value (<c>40</c>, <c>40.0</c> and <c>4e1</c> are the same).
    /// </summary>
    /// <param name="desired">A canonical object; members that are null count as absent.</param>
    /// <param name="reported">A canonical object; empty if there is nothing yet.</param>
    /// <returns>A canonical object in desired's order; <c>{}</c> if nothing differs.</returns>
    public static byte[] Compute(ReadOnlySpan<byte> desired, ReadOnlySpan<byte> reported)
    {
        var output = new JsonOutput(desired.Length);
        try
        {
            Compute(desired, reported, ref output);
            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>The same, written.</summary>
    internal static void Compute(ReadOnlySpan<byte> desired, ReadOnlySpan<byte> reported, ref JsonOutput output)
    {
        using var wanted = JsonTape.Parse(desired);
        if (!wanted.IsObject(0))
        {
            output.Write(JsonText.EmptyObject);
            return;
        }

        using var actual = JsonTape.Parse(reported);
        Compute(wanted, actual, ref output);
    }

    /// <summary>The same, of objects that have been read already.</summary>
    internal static void Compute(in JsonTape desired, in JsonTape reported, ref JsonOutput output) =>
        Compute(desired, 0, reported, 0, ref output);

    private static void Compute(in JsonTape desired, int row, in JsonTape reported, int other, ref JsonOutput output)
    {
        output.Write('{');
        var finder = reported.Members(other);
        try
        {
            for (var member = row + 1; member < desired.Next(row); member = desired.Next(member))
            {
                if (desired.Kind(member) == JsonTokenType.Null)
                {
                    continue;
                }

                var before = output.Length;
                output.WriteName(desired.Name(member));
                var start = output.Length;
                var match = finder.Find(desired.Name(member));
                if (!desired.IsObject(member) || !reported.IsObject(match))
                {
                    if (match >= 0 && JsonEquality.AreEqual(desired, member, reported, match))
                    {
                        output.Truncate(before);
                    }
                    else
                    {
                        MergePatch.WriteWithoutNulls(desired, member, ref output);
                    }

                    continue;
                }

                Compute(desired, member, reported, match, ref output);
                if (output.Length - start == JsonText.EmptyObject.Length)
                {
                    output.Truncate(before);
                }
            }
        }
        finally
        {
            finder.Dispose();
        }

        output.Write('}');
    }
}
