using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;

namespace Twins.Silo.Twins;

/// <summary>What a device refuses of desired: rules without a grain.</summary>
internal static class DesiredRejections
{
    /// <summary>Refused properties that a twin remembers; the oldest go first.</summary>
    public const int Capacity = 64;

    /// <summary>Characters of a reason that are kept.</summary>
    public const int ReasonLength = 256;

    /// <summary>Returns the refusals after a device has refused more.</summary>
    /// <param name="known">The refusals until now.</param>
    /// <param name="reasons">A JSON object like desired, with a reason instead of each value that is refused; of an object, for all in it.</param>
    /// <param name="desired">The desired section.</param>
    /// <param name="at">The time of arrival.</param>
    /// <param name="revision">The revision of the delta that was refused.</param>
    public static ImmutableArray<DesiredRejection> Add(
        ImmutableArray<DesiredRejection> known, ReadOnlyMemory<byte> reasons, ReadOnlyMemory<byte> desired, DateTimeOffset at, long revision)
    {
        using var given = JsonDocument.Parse(reasons);
        using var wanted = JsonDocument.Parse(desired);
        var added = new List<DesiredRejection>();
        Collect(given.RootElement, wanted.RootElement, []);
        return added.Count == 0
            ? known
            : [.. known.Where(old => !added.Exists(refused => refused.Path.AsSpan().SequenceEqual(old.Path))).Concat(added).TakeLast(Capacity)];

        void Collect(JsonElement reason, JsonElement value, string[] path)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in value.EnumerateObject())
                {
                    if (reason.ValueKind == JsonValueKind.String)
                    {
                        Collect(reason, member.Value, [.. path, member.Name]);
                    }
                    else if (reason.ValueKind == JsonValueKind.Object && reason.TryGetProperty(member.Name, out var inner))
                    {
                        Collect(inner, member.Value, [.. path, member.Name]);
                    }
                }
            }
            else if (reason.ValueKind == JsonValueKind.String)
            {
                var text = reason.GetString()!;
                added.Add(new DesiredRejection(path, at, text.Length <= ReasonLength ? text : text[..ReasonLength], revision));
            }
        }
    }

    /// <summary>Returns the refusals that remain after an application has written: those of properties that it neither wrote nor removed.</summary>
    /// <param name="known">The refusals until now.</param>
    /// <param name="write">The write.</param>
    /// <param name="changed">The merge patch of what it changed in desired.</param>
    /// <param name="desired">The desired section after it.</param>
    public static ImmutableArray<DesiredRejection> After(ImmutableArray<DesiredRejection> known, TwinWrite write, byte[] changed, byte[] desired) => known.IsEmpty
        ? known
        : known.RemoveAll(refused => IsWritten(changed, refused.Path) || !PropertyPath.TryGet(desired, refused.Path, out _) || IsWritten(write, refused.Path));

    /// <summary>Returns desired without what the device refuses.</summary>
    public static byte[] Accepted(byte[] desired, ImmutableArray<DesiredRejection> known)
    {
        foreach (var refused in known)
        {
            desired = PropertyPath.Remove(desired, refused.Path, out _);
            for (var path = refused.Path[..^1]; path.Length > 0; path = path[..^1])
            {
                if (!PropertyPath.TryGet(desired, path, out var parent) || parent.Length > EmptySection.Bytes.Length)
                {
                    break;
                }

                desired = PropertyPath.Remove(desired, path, out _);
            }
        }

        return desired;
    }

    /// <summary>Adds <c>rejected</c> to the metadata of each refused property.</summary>
    public static void AddTo(JsonObject metadata, ImmutableArray<DesiredRejection> known)
    {
        foreach (var refused in known)
        {
            NodeOf(metadata, refused.Path)["rejected"] =
                new JsonObject { ["at"] = TwinDocument.Time(refused.At), ["reason"] = refused.Reason, ["revision"] = refused.Revision };
        }
    }

    /// <summary>Returns the merge patch of the twin's metadata.</summary>
    public static byte[] Patch(ImmutableArray<DesiredRejection> before, ImmutableArray<DesiredRejection> after)
    {
        var desired = new JsonObject();
        foreach (var gone in before)
        {
            NodeOf(desired, gone.Path)["rejected"] = null;
        }

        AddTo(desired, after);
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["desired"] = desired });
    }

    private static JsonObject NodeOf(JsonObject node, string[] path)
    {
        foreach (var name in path)
        {
            if (node[name] is not JsonObject child)
            {
                node[name] = child = [];
            }

            node = child;
        }

        return node;
    }

    private static bool IsWritten(TwinWrite write, string[] path)
    {
        if (write.Target is [not "desired", ..])
        {
            return false;
        }

        switch (write.Verb)
        {
            case WriteVerb.Merge when write.Target.Length == 0:
                return PropertyPath.TryGet(write.Body, ["desired"], out var section) && IsWritten(section, path);
            case WriteVerb.Merge:
                return IsWritten(PropertyPath.Wrap(write.Target[1..], write.Body), path);
            default:
                // All of the target; of a JSON patch it is not looked up which operations it has.
                var target = write.Target.AsSpan(Math.Min(1, write.Target.Length));
                var common = Math.Min(target.Length, path.Length);
                return target[..common].SequenceEqual(path.AsSpan(0, common));
        }
    }

    /// <summary>Returns whether a merge patch sets or removes a property, or one above it.</summary>
    private static bool IsWritten(ReadOnlyMemory<byte> patch, string[] path)
    {
        for (var length = 1; length <= path.Length; length++)
        {
            if (!PropertyPath.TryGet(patch, path[..length], out var value))
            {
                return false;
            }

            if (!JsonText.IsObject(value.Span))
            {
                return true;
            }
        }

        return true;
    }
}
