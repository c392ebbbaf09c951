namespace Twins.Contracts.Json;

public static partial class Stamps
{
    /// <summary>
    /// Forgets the oldest tombstones (stamps of properties that the document does not have), so that a device that
    /// writes and deletes ever new names does not grow its twin. A message older than a forgotten tombstone can
    /// bring its property back.
    /// </summary>
    /// <param name="stamps">The stamps of the section.</param>
    /// <param name="document">The section.</param>
    /// <param name="maxTombstones">How many may stay.</param>
    public static byte[] Prune(ReadOnlySpan<byte> stamps, ReadOnlySpan<byte> document, int maxTombstones)
    {
        using var known = JsonTape.Parse(stamps);
        using var present = JsonTape.Parse(document);
        if (!known.IsObject(0))
        {
            return JsonText.EmptyObject.ToArray();
        }

        var tombstones = new List<(long At, int Row)>();
        Collect(known, 0, present, 0, tombstones);
        if (tombstones.Count <= maxTombstones)
        {
            return stamps.ToArray();
        }

        tombstones.Sort();
        foreach (var (_, row) in tombstones.Take(tombstones.Count - maxTombstones))
        {
            known.Mark(row);
        }

        var output = new JsonOutput(stamps.Length);
        try
        {
            WriteUnmarked(known, 0, ref output);
            return output.ToArray();
        }
        finally
        {
            output.Dispose();
        }
    }

    private static void Collect(
        in JsonTape known, int node, in JsonTape present, int parent, List<(long At, int Row)> tombstones)
    {
        var finder = present.Members(parent);
        try
        {
            for (var row = node + 1; row < known.Next(node); row = known.Next(row))
            {
                var child = StampNode.Read(known, row);
                var match = finder.Find(known.Name(row));
                if (child.IsObject)
                {
                    Collect(known, child.Children, present, match, tombstones);
                }
                else if (match < 0)
                {
                    tombstones.Add((child.Own?.AtMilliseconds ?? 0, row));
                }
            }
        }
        finally
        {
            finder.Dispose();
        }
    }

    private static void WriteUnmarked(in JsonTape known, int node, ref JsonOutput output)
    {
        output.Write('{');
        for (var row = node + 1; row < known.Next(node); row = known.Next(row))
        {
            if (known.IsMarked(row))
            {
                continue;
            }

            output.WriteName(known.Name(row));
            var child = StampNode.Read(known, row);
            if (!child.IsObject)
            {
                output.Write(known.Value(row));
                continue;
            }

            var isOpen = OpenNode(child.Own, child.Ensured, ref output);
            WriteUnmarked(known, child.Children, ref output);
            if (isOpen)
            {
                output.Write(']');
            }
        }

        output.Write('}');
    }
}
