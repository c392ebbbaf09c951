namespace Twins.Contracts.Json;

public static partial class Stamps
{
    // The members of an object in the patch against the nodes of the same object's members (node -1: none known).
    private static bool AcceptMembers(
        in JsonTape known, int node, in JsonTape changes, int change, in Stamp stamp,
        ref JsonOutput patch, ref JsonOutput stamps)
    {
        var isNew = false;
        patch.Write('{');
        stamps.Write('{');
        if (known.IsObject(node))
        {
            var finder = changes.Members(change);
            try
            {
                for (var child = node + 1; child < known.Next(node); child = known.Next(child))
                {
                    stamps.WriteName(known.Name(child));
                    var match = finder.Find(known.Name(child));
                    if (match < 0)
                    {
                        stamps.Write(known.Value(child));
                        continue;
                    }

                    changes.Mark(match);
                    var before = patch.Length;
                    patch.WriteName(known.Name(child));
                    if (Accept(known, child, changes, match, stamp, ref patch, ref stamps))
                    {
                        isNew = true;
                    }
                    else
                    {
                        patch.Truncate(before);
                    }
                }
            }
            finally
            {
                finder.Dispose();
            }
        }

        for (var member = change + 1; member < changes.Next(change); member = changes.Next(member))
        {
            if (!changes.IsMarked(member))
            {
                patch.WriteName(changes.Name(member));
                stamps.WriteName(changes.Name(member));
                isNew |= Accept(known, -1, changes, member, stamp, ref patch, ref stamps);
            }
        }

        patch.Write('}');
        stamps.Write('}');
        return isNew;
    }

    // One property. Writes its node, and its part of the patch if any of it is new; says whether.
    private static bool Accept(
        in JsonTape known, int row, in JsonTape changes, int change, in Stamp stamp,
        ref JsonOutput patch, ref JsonOutput stamps)
    {
        var node = StampNode.Read(known, row);
        if (node.Own is { } own && !stamp.Overwrites(own))
        {
            stamps.Write(known.Value(row));
            return false;
        }

        if (!changes.IsObject(change))
        {
            Overwrite(known, node, changes.Value(change), stamp, ref patch, ref stamps);
            return true;
        }

        var (beforePatch, beforeStamps) = (patch.Length, stamps.Length);
        var isEmpty = changes.Children(change) == 0;
        var isOpen = OpenNode(IfOrdered(node.Own), isEmpty ? stamp : node.Ensured, ref stamps);
        var isNew = AcceptMembers(known, node.Children, changes, change, stamp, ref patch, ref stamps);
        if (isOpen)
        {
            stamps.Write(']');
        }

        // An empty object is new where it says "an object" later than everything else that implies as much.
        isNew |= isEmpty && (!node.IsObject || node.IsOverwrittenBy(known, stamp));
        if (!isNew)
        {
            patch.Truncate(beforePatch);
            stamps.Truncate(beforeStamps);
            stamps.Write(known.Value(row));
        }

        return isNew;
    }

    // Sets or deletes a property as of the stamp. What was written in it later than that stays: with that it became
    // an object again, of which only the older members go.
    private static void Overwrite(
        in JsonTape known, in StampNode node, ReadOnlySpan<byte> value, in Stamp stamp,
        ref JsonOutput patch, ref JsonOutput stamps)
    {
        if (!node.IsObject || !node.HasLaterThan(known, stamp))
        {
            patch.Write(value);
            stamp.WriteTo(ref stamps);
            return;
        }

        OpenNode(stamp, IfLater(node.Ensured, stamp), ref stamps);
        ClearMembers(known, node.Children, stamp, ref patch, ref stamps);
        stamps.Write(']');
    }

    private static void ClearMembers(
        in JsonTape known, int node, in Stamp stamp, ref JsonOutput patch, ref JsonOutput stamps)
    {
        patch.Write('{');
        stamps.Write('{');
        for (var row = node + 1; row < known.Next(node); row = known.Next(row))
        {
            var child = StampNode.Read(known, row);
            if (!child.HasLaterThan(known, stamp))
            {
                patch.WriteName(known.Name(row));
                patch.Write("null"u8);
                continue;
            }

            stamps.WriteName(known.Name(row));
            if (!child.IsObject)
            {
                stamps.Write(known.Value(row));
                continue;
            }

            // Stamps that are not later are said by the parent's from now on.
            patch.WriteName(known.Name(row));
            var isOpen = OpenNode(IfLater(child.Own, stamp), IfLater(child.Ensured, stamp), ref stamps);
            ClearMembers(known, child.Children, stamp, ref patch, ref stamps);
            if (isOpen)
            {
                stamps.Write(']');
            }
        }

        patch.Write('}');
        stamps.Write('}');
    }

    private static Stamp? IfLater(in Stamp? candidate, in Stamp stamp) =>
        candidate is { } present && present.IsLaterThan(stamp) ? candidate : null;
}
