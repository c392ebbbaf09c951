using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>
/// <see href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</see> (JSON merge patch) on canonical texts. The
/// order of the target's members is kept; new ones come behind, in the order of the patch. Thread-safe.
/// </summary>
public static class MergePatch
{
    /// <summary>Applies a patch.</summary>
    /// <param name="target">Canonical JSON; empty if there is nothing yet.</param>
    /// <param name="patch">Canonical JSON.</param>
    /// <returns>Canonical JSON.</returns>
    public static byte[] Apply(ReadOnlySpan<byte> target, ReadOnlySpan<byte> patch)
    {
        using var changes = JsonTape.Parse(patch);
        if (!changes.IsObject(0))
        {
            return patch.ToArray();
        }

        using var tape = JsonTape.Parse(target);
        var output = new JsonOutput(target.Length + patch.Length);
        try
        {
            Merge(tape, 0, changes, 0, ref output);
            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    /// <summary>Writes the value without the members that are null; arrays are values and stay as they are.</summary>
    internal static void WriteWithoutNulls(in JsonTape tape, int row, ref JsonOutput output)
    {
        if (!tape.IsObject(row))
        {
            output.Write(tape.Value(row));
            return;
        }

        output.Write('{');
        for (var member = row + 1; member < tape.Next(row); member = tape.Next(member))
        {
            WriteNewMember(tape, member, ref output);
        }

        output.Write('}');
    }

    private static void Merge(in JsonTape target, int at, in JsonTape patch, int changes, ref JsonOutput output)
    {
        if (!target.IsObject(at))
        {
            WriteWithoutNulls(patch, changes, ref output);
            return;
        }

        output.Write('{');
        var finder = patch.Members(changes);
        try
        {
            for (var member = at + 1; member < target.Next(at); member = target.Next(member))
            {
                var change = finder.Find(target.Name(member));
                if (change >= 0)
                {
                    patch.Mark(change);
                    if (patch.Kind(change) == JsonTokenType.Null)
                    {
                        continue;
                    }
                }

                output.WriteName(target.Name(member));
                if (change < 0)
                {
                    output.Write(target.Value(member));
                }
                else if (patch.IsObject(change))
                {
                    Merge(target, member, patch, change, ref output);
                }
                else
                {
                    output.Write(patch.Value(change));
                }
            }
        }
        finally
        {
            finder.Dispose();
        }

        for (var change = changes + 1; change < patch.Next(changes); change = patch.Next(change))
        {
            if (!patch.IsMarked(change))
            {
                WriteNewMember(patch, change, ref output);
            }
        }

        output.Write('}');
    }

    private static void WriteNewMember(in JsonTape tape, int member, ref JsonOutput output)
    {
        if (tape.Kind(member) != JsonTokenType.Null)
        {
            output.WriteName(tape.Name(member));
            WriteWithoutNulls(tape, member, ref output);
        }
    }
}
