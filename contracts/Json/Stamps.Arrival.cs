using System.Text.Json;

namespace Twins.Contracts.Json;

public static partial class Stamps
{
    private static void WriteArrivedMembers(
        in JsonTape known, int node, in JsonTape changes, int change, in Stamp stamp, ref JsonOutput stamps)
    {
        stamps.Write('{');
        if (known.IsObject(node))
        {
            var finder = changes.Members(change);
            try
            {
                for (var child = node + 1; child < known.Next(node); child = known.Next(child))
                {
                    var match = finder.Find(known.Name(child));
                    if (match < 0)
                    {
                        stamps.WriteName(known.Name(child));
                        stamps.Write(known.Value(child));
                        continue;
                    }

                    changes.Mark(match);
                    WriteArrivedMember(known, child, changes, match, stamp, ref stamps);
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
                WriteArrivedMember(known, -1, changes, member, stamp, ref stamps);
            }
        }

        stamps.Write('}');
    }

    private static void WriteArrivedMember(
        in JsonTape known, int row, in JsonTape changes, int change, in Stamp stamp, ref JsonOutput stamps)
    {
        var node = StampNode.Read(known, row);
        if (changes.IsObject(change))
        {
            stamps.WriteName(changes.Name(change));
            var isOpen = OpenNode(IfOrdered(node.Own), IfOrdered(node.Ensured), ref stamps);
            WriteArrivedMembers(known, node.Children, changes, change, stamp, ref stamps);
            if (isOpen)
            {
                stamps.Write(']');
            }

            return;
        }

        // The latest place in the device's own order stays known, so that a late message cannot bring back what
        // was there before. The time that is shown is this write's.
        if (node.LatestOrdered(known) is { } guard)
        {
            stamps.WriteName(changes.Name(change));
            guard.ArrivedAt(stamp).WriteTo(ref stamps);
        }
        else if (changes.Kind(change) != JsonTokenType.Null)
        {
            stamps.WriteName(changes.Name(change));
            stamp.WriteTo(ref stamps);
        }
    }
}
