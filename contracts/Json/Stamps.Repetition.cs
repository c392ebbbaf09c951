using System.Text.Json;

namespace Twins.Contracts.Json;

public static partial class Stamps
{
    /// <summary>
    /// Returns whether a stale message repeats one that was accepted: MQTT delivers messages with QoS 1 again. It does if the value and the
    /// place in the device's order of at least one of its properties are those that are stored, and no property has that place with another
    /// value.
    /// </summary>
    /// <param name="stamps">The stamps of the section.</param>
    /// <param name="document">The section.</param>
    /// <param name="patch">The message: a canonical object, a merge patch.</param>
    /// <param name="stamp">Where the message stands.</param>
    public static bool IsRepetition(ReadOnlySpan<byte> stamps, ReadOnlySpan<byte> document, ReadOnlySpan<byte> patch, in Stamp stamp)
    {
        using var known = JsonTape.Parse(stamps);
        using var present = JsonTape.Parse(document);
        using var changes = JsonTape.Parse(patch);
        return Repeats(known, 0, present, 0, changes, 0, stamp) == true;
    }

    // True: a property has the place and the value. False: one has the place and another value. Null: none has the place.
    private static bool? Repeats(
        in JsonTape known, int node, in JsonTape present, int parent, in JsonTape changes, int change, in Stamp stamp)
    {
        bool? repeats = null;
        var nodes = known.Members(node);
        var members = present.Members(parent);
        try
        {
            for (var member = change + 1; member < changes.Next(change); member = changes.Next(member))
            {
                var row = nodes.Find(changes.Name(member));
                if (row < 0)
                {
                    continue;
                }

                var child = StampNode.Read(known, row);
                var value = members.Find(changes.Name(member));
                var one = !changes.IsObject(member) ? RepeatsValue(child, present, value, changes, member, stamp)
                    : changes.Children(member) == 0 ? RepeatsEmpty(child, stamp)
                    : Repeats(known, child.Children, present, value, changes, member, stamp);
                if (one == false)
                {
                    return false;
                }

                repeats ??= one;
            }
        }
        finally
        {
            nodes.Dispose();
            members.Dispose();
        }

        return repeats;
    }

    private static bool? RepeatsValue(in StampNode node, in JsonTape present, int value, in JsonTape changes, int change, in Stamp stamp)
    {
        if (node.Own is not { } own || !own.IsSamePlaceAs(stamp))
        {
            return null;
        }

        // Newer messages have made it an object again: the value that it had before is not known, and nothing says that it was another.
        return node.IsObject
            || (value < 0 ? changes.Kind(change) == JsonTokenType.Null : present.Value(value).SequenceEqual(changes.Value(change)));
    }

    private static bool? RepeatsEmpty(in StampNode node, in Stamp stamp) =>
        node.Ensured is { } ensured && ensured.IsSamePlaceAs(stamp) ? true : null;
}
