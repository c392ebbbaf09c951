using System.Runtime.InteropServices;
using System.Text.Json;
using Twins.Contracts;
using Twins.Contracts.Json;
using Twins.Contracts.Twins;
using Twins.Silo.Hosting;

namespace Twins.Silo.Twins;

/// <summary>What a <see cref="TwinWrite"/> makes of a twin's sections, or why it may not.</summary>
internal static class ApplicationWrite
{
    private const int MaxModel = 256;

    /// <summary>The sections after the write, or a problem.</summary>
    public static (ApplicationSections? After, Problem? Problem) Apply(TwinState before, TwinWrite write, LimitsOptions limits)
    {
        var current = ApplicationSections.Of(before);
        var (after, problem) = write.Target.Length == 0
            ? ApplyWhole(current, write, limits)
            : ApplySection(current, write, limits);
        return problem is not null ? (null, problem) : Check(current, after!, limits);
    }

    private static (ApplicationSections?, Problem?) ApplyWhole(ApplicationSections current, TwinWrite write, LimitsOptions limits)
    {
        byte[]? whole;
        switch (write.Verb)
        {
            case WriteVerb.Replace:
                whole = JsonText.StripNulls(write.Body);
                break;
            case WriteVerb.Merge:
                if (!JsonText.IsObject(write.Body))
                {
                    return (null, TwinProblems.NotAnObject("the body"));
                }

                whole = MergePatch.Apply(current.ToJson(), write.Body);
                break;
            case WriteVerb.Patch:
                if (!JsonPatch.TryApply(current.ToJson(), write.Body, WholeLimits(limits), out whole, out var problem))
                {
                    return (null, problem);
                }

                if (JsonText.NullMember(whole, "\"model\""u8) is { } member)
                {
                    return (null, TwinProblems.PatchedToNull(member));
                }

                whole = JsonText.StripNulls(whole);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(write), write.Verb, "a whole twin is removed with Delete");
        }

        return Split(whole, current.Reported);
    }

    /// <summary>Takes <c>{"tags":…,"desired":…,"model":…}</c> apart.</summary>
    private static (ApplicationSections?, Problem?) Split(byte[] whole, byte[] reported)
    {
        if (!JsonText.IsObject(whole))
        {
            return (null, TwinProblems.NotAnObject("the twin"));
        }

        var sections = new ApplicationSections(null, EmptySection.Bytes, EmptySection.Bytes, reported);
        using var parsed = JsonDocument.Parse(whole);
        foreach (var member in parsed.RootElement.EnumerateObject())
        {
            switch (member.Name)
            {
                case "tags":
                    sections = sections with { Tags = Raw(member.Value) };
                    break;
                case "desired":
                    sections = sections with { Desired = Raw(member.Value) };
                    break;
                case "model" when member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { Length: > 0 and <= MaxModel } model:
                    sections = sections with { Model = model };
                    break;
                case "model":
                    return (null, TwinProblems.ModelNotText());
                default:
                    return (null, TwinProblems.UnknownMember(member.Name));
            }
        }

        return (sections, null);
    }

    private static (ApplicationSections?, Problem?) ApplySection(ApplicationSections current, TwinWrite write, LimitsOptions limits)
    {
        var name = write.Target[0];
        var section = name switch
        {
            "tags" => current.Tags,
            "desired" => current.Desired,
            "reported" => current.Reported,
            _ => throw new ArgumentException($"\"{name}\" is no section", nameof(write)),
        };

        var (after, problem) = Edit(section, write, limits);
        return problem is not null ? (null, problem) : (name switch
        {
            "tags" => current with { Tags = after! },
            "desired" => current with { Desired = after! },
            _ => current with { Reported = after! },
        }, null);
    }

    private static (byte[]? After, Problem? Problem) Edit(byte[] section, TwinWrite write, LimitsOptions limits)
    {
        var path = write.Target[1..];
        switch (write.Verb)
        {
            case WriteVerb.Replace when path.Length == 0:
                return (JsonText.StripNulls(write.Body), null);
            case WriteVerb.Replace when JsonText.IsNull(write.Body):
                return (PropertyPath.Remove(section, path, out _), null);
            case WriteVerb.Replace:
                return (PropertyPath.Set(section, path, JsonText.StripNulls(write.Body)), null);
            case WriteVerb.Merge:
                return (MergePatch.Apply(section, PropertyPath.Wrap(path, write.Body)), null);
            case WriteVerb.Remove when path.Length == 0:
                return (EmptySection.Bytes, null);
            case WriteVerb.Remove:
                var removed = PropertyPath.Remove(section, path, out var found);
                return found ? (removed, null) : (null, TwinProblems.NoSuchProperty(Pointer(write.Target)));
            case WriteVerb.Patch:
                ReadOnlyMemory<byte> target = section;
                if (path.Length > 0 && !PropertyPath.TryGet(section, path, out target))
                {
                    return (null, TwinProblems.NoSuchProperty(Pointer(write.Target)));
                }

                if (!JsonPatch.TryApply(target.Span, write.Body, WholeLimits(limits), out var patched, out var problem))
                {
                    return (null, problem);
                }

                if (JsonText.IsNull(patched) || JsonText.NullMember(patched) is not null)
                {
                    return (null, TwinProblems.PatchedToNull(Pointer(write.Target) + JsonText.NullMember(patched)));
                }

                return (path.Length == 0 ? patched : PropertyPath.Set(section, path, patched), null);
            default:
                throw new ArgumentOutOfRangeException(nameof(write), write.Verb, null);
        }
    }

    /// <summary>What was not changed is not checked: limits may have been lowered since it was written.</summary>
    private static (ApplicationSections?, Problem?) Check(ApplicationSections before, ApplicationSections after, LimitsOptions limits)
    {
        var problem = Check("tags", before.Tags, after.Tags, limits.TagsBytes, limits)
            ?? Check("desired", before.Desired, after.Desired, limits.DesiredBytes, limits)
            ?? Check("reported", before.Reported, after.Reported, limits.ReportedBytes, limits);
        return problem is null ? (after, null) : (null, problem);
    }

    private static Problem? Check(string section, byte[] before, byte[] after, int maxBytes, LimitsOptions limits)
    {
        if (ReferenceEquals(before, after) || before.AsSpan().SequenceEqual(after))
        {
            return null;
        }

        if (!JsonText.IsObject(after))
        {
            return TwinProblems.NotAnObject(section);
        }

        if (after.Length > maxBytes)
        {
            return TwinProblems.TooLarge(section, after.Length, maxBytes);
        }

        // A path or a JSON patch may have nested a value deeper than it was sent.
        if (!JsonText.TryNormalize(after, limits.Json(maxBytes), out _, out var problem))
        {
            return problem with { Pointer = problem.Pointer ?? "/" + section };
        }

        return ReservedNames.Find(after) is { } name ? TwinProblems.ReservedName(section, name) : null;
    }

    private static JsonLimits WholeLimits(LimitsOptions limits) =>
        limits.Json(64 + limits.TagsBytes + limits.DesiredBytes + limits.ReportedBytes);

    private static byte[] Raw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).ToArray();

    private static string Pointer(string[] target) =>
        "/" + string.Join('/', target.Select(name => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
}
