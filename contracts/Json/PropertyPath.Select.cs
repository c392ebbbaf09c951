namespace Twins.Contracts.Json;

public static partial class PropertyPath
{
    /// <summary>Projects a document: keeps the listed properties, and the objects on the way to them.</summary>
    /// <param name="document">Canonical JSON.</param>
    /// <param name="fields">The paths to keep; what is not there is left out.</param>
    /// <returns>Canonical JSON in the document's order; <c>{}</c> if nothing listed is there.</returns>
    public static byte[] Select(ReadOnlySpan<byte> document, IReadOnlyList<string[]> fields)
    {
        using var tape = JsonTape.Parse(document);
        var output = new JsonOutput(document.Length);
        try
        {
            if (tape.IsObject(0))
            {
                Select(tape, 0, Quoted(fields), 0, ref output);
            }
            else
            {
                output.Write(JsonText.EmptyObject);
            }

            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    // Names as they are spelled in canonical text, so that they can be compared as bytes.
    private static byte[][][] Quoted(IReadOnlyList<string[]> fields)
    {
        var output = new JsonOutput(64);
        try
        {
            var quoted = new byte[fields.Count][][];
            for (var i = 0; i < quoted.Length; i++)
            {
                quoted[i] = new byte[fields[i].Length][];
                for (var j = 0; j < quoted[i].Length; j++)
                {
                    output.Truncate(0);
                    output.WriteString(fields[i][j]);
                    quoted[i][j] = output.ToArray();
                }
            }

            return quoted;
        }
        finally
        {
            output.Dispose();
        }
    }

    private static void Select(in JsonTape tape, int row, byte[][][] fields, int depth, ref JsonOutput output)
    {
        output.Write('{');
        for (var member = row + 1; member < tape.Next(row); member = tape.Next(member))
        {
            var name = tape.Name(member);
            var isListed = false;
            var isOnTheWay = 0;
            foreach (var field in fields)
            {
                if (field.Length > depth && name.SequenceEqual(field[depth]))
                {
                    isListed |= field.Length == depth + 1;
                    isOnTheWay++;
                }
            }

            var before = output.Length;
            if (isListed)
            {
                output.WriteName(name);
                output.Write(tape.Value(member));
            }
            else if (isOnTheWay > 0 && tape.IsObject(member))
            {
                output.WriteName(name);
                var start = output.Length;
                Select(tape, member, Below(fields, depth, name, isOnTheWay), depth + 1, ref output);
                if (output.Length - start == JsonText.EmptyObject.Length)
                {
                    output.Truncate(before);
                }
            }
        }

        output.Write('}');
    }

    private static byte[][][] Below(byte[][][] fields, int depth, ReadOnlySpan<byte> name, int count)
    {
        var below = new byte[count][][];
        foreach (var field in fields)
        {
            if (field.Length > depth && name.SequenceEqual(field[depth]))
            {
                below[^count--] = field;
            }
        }

        return below;
    }
}
