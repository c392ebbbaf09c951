using System.Runtime.InteropServices;
using System.Text.Json;

namespace Twins.Contracts.Json;

/// <summary>One property's node of a stamps document; see <see cref="Stamps"/> for the format.</summary>
/// <param name="IsObject">The property is an object; else it is another value, or was deleted.</param>
/// <param name="Own">The last time the property was overwritten: set to a value that is no object, or deleted.</param>
/// <param name="Ensured">The last time it was written as an empty object.</param>
/// <param name="Children">The row of the object with the nodes of its members; -1 if it is not an object.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StampNode(bool IsObject, Stamp? Own, Stamp? Ensured, int Children)
{
    /// <summary>Reads a node; one that is nothing for no row.</summary>
    internal static StampNode Read(in JsonTape stamps, int row)
    {
        if (stamps.IsObject(row))
        {
            return new StampNode(true, null, null, row);
        }

        if (stamps.Kind(row) == JsonTokenType.StartArray && stamps.Children(row) == 3)
        {
            var ensured = stamps.Next(row + 1);
            var children = stamps.Next(ensured);
            if (stamps.IsObject(children))
            {
                return new StampNode(true, Stamp.Read(stamps, row + 1), Stamp.Read(stamps, ensured), children);
            }
        }

        return new StampNode(false, Stamp.Read(stamps, row), null, -1);
    }

    /// <summary>Whether anything in the property was written strictly later than the stamp says.</summary>
    internal bool HasLaterThan(in JsonTape stamps, in Stamp stamp)
    {
        if ((Own is { } own && own.IsLaterThan(stamp)) || (Ensured is { } ensured && ensured.IsLaterThan(stamp)))
        {
            return true;
        }

        for (var child = Children + 1; IsObject && child < stamps.Next(Children); child = stamps.Next(child))
        {
            if (Read(stamps, child).HasLaterThan(stamps, stamp))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the stamp overwrites everything that was written in the property.</summary>
    internal bool IsOverwrittenBy(in JsonTape stamps, in Stamp stamp)
    {
        if ((Own is { } own && !stamp.Overwrites(own)) || (Ensured is { } ensured && !stamp.Overwrites(ensured)))
        {
            return false;
        }

        for (var child = Children + 1; IsObject && child < stamps.Next(Children); child = stamps.Next(child))
        {
            if (!Read(stamps, child).IsOverwrittenBy(stamps, stamp))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The latest stamp in the property that the device itself ordered.</summary>
    internal Stamp? LatestOrdered(in JsonTape stamps)
    {
        var latest = Later(Later(null, Own), Ensured);
        for (var child = Children + 1; IsObject && child < stamps.Next(Children); child = stamps.Next(child))
        {
            latest = Later(latest, Read(stamps, child).LatestOrdered(stamps));
        }

        return latest;
    }

    private static Stamp? Later(Stamp? one, Stamp? other) =>
        other is not { } stamp || stamp.Sort == StampSort.Arrival ? one
        : one is { } known && !stamp.Overwrites(known) ? one
        : other;
}
