namespace Twins.Contracts.Json;

/// <summary>
/// The guard that keeps a twin from going backwards: per property, the last writer in the <em>device's</em> order
/// wins, whatever the order of arrival. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A stamps document is canonical JSON that mirrors a section: an object, with one node per property that was ever
/// written. The node of a property that is no object, or was deleted (a tombstone: the document does not have it),
/// is the stamp of its last write: <c>at</c> (arrived then, no order), <c>[at,n,seq]</c> (the n-th epoch's seq) or
/// <c>[at,µs]</c> (the device's time); <c>at</c> is in Unix milliseconds. <c>[at,[µs]]</c> is a write without order, over one with
/// the device's time: it is shown as of <c>at</c>, and guarded as before. The node of an object is the object of its
/// members' nodes, or <c>[own,ensured,{…}]</c>, each of the two a stamp or null, where it has stamps of its own:
/// <c>own</c>, since when what is older than that in it is gone (it was deleted, or another value, before it became
/// an object again), and <c>ensured</c>, since when it is an object even if nothing in it is that new (it was
/// written as <c>{}</c>).
/// </para>
/// <para>
/// The law: messages with (epoch, seq), accepted in any order and any number of times, lead to the document that
/// merging each once in the order of the device leads to.
/// </para>
/// </remarks>
public static partial class Stamps
{
    /// <summary>Decides what of a message is new.</summary>
    /// <param name="stamps">The stamps of the section; empty if there are none yet.</param>
    /// <param name="patch">The message: a canonical object, a merge patch.</param>
    /// <param name="stamp">Where the message stands.</param>
    /// <exception cref="ArgumentException">The patch is not an object.</exception>
    public static StampedPatch Accept(ReadOnlySpan<byte> stamps, ReadOnlySpan<byte> patch, in Stamp stamp)
    {
        if (!JsonText.IsObject(patch))
        {
            throw new ArgumentException("A section is an object, and so is a patch of it.", nameof(patch));
        }

        using var known = JsonTape.Parse(stamps);
        using var changes = JsonTape.Parse(patch);
        return stamp.Sort == StampSort.Arrival
            ? AcceptArrival(known, changes, stamp)
            : AcceptOrdered(known, changes, stamp);
    }

    private static StampedPatch AcceptArrival(in JsonTape known, in JsonTape changes, in Stamp stamp)
    {
        // Whatever arrives without an order of its own is the latest: only the stamps have to be worked out.
        var stamps = new JsonOutput(known.Text.Length + 2 * changes.Text.Length);
        try
        {
            WriteArrivedMembers(known, 0, changes, 0, stamp, ref stamps);
            return new StampedPatch(changes.Text.ToArray(), stamps.ToArray(), IsStale: false);
        }
        finally
        {
            stamps.Dispose();
        }
    }

    private static StampedPatch AcceptOrdered(in JsonTape known, in JsonTape changes, in Stamp stamp)
    {
        var patch = new JsonOutput(changes.Text.Length);
        var stamps = new JsonOutput(known.Text.Length + 4 * changes.Text.Length);
        try
        {
            var isNew = AcceptMembers(known, 0, changes, 0, stamp, ref patch, ref stamps);
            var isStale = !isNew && changes.Children(0) > 0;
            return new StampedPatch(patch.ToArray(), stamps.ToArray(), isStale);
        }
        finally
        {
            stamps.Dispose();
            patch.Dispose();
        }
    }

    // Writes [own,ensured, in front of an object's members, if it has either; says whether.
    private static bool OpenNode(in Stamp? own, in Stamp? ensured, ref JsonOutput stamps)
    {
        if (own is null && ensured is null)
        {
            return false;
        }

        stamps.Write('[');
        WriteStampOrNull(own, ref stamps);
        stamps.Write(',');
        WriteStampOrNull(ensured, ref stamps);
        stamps.Write(',');
        return true;
    }

    private static void WriteStampOrNull(in Stamp? stamp, ref JsonOutput output)
    {
        if (stamp is { } present)
        {
            present.WriteTo(ref output);
        }
        else
        {
            output.Write("null"u8);
        }
    }

    // A stamp without order guards nothing: whatever comes overwrites it.
    private static Stamp? IfOrdered(in Stamp? stamp) =>
        stamp is { Sort: not StampSort.Arrival } ? stamp : null;
}
