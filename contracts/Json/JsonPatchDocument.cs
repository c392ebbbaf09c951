using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Twins.Contracts.Json;

/// <summary>A document while the operations of a JSON patch are applied to it, one after the other.</summary>
internal sealed class JsonPatchDocument(JsonNode? root, int bytes, JsonLimits limits)
{
    // The document's size, a few bytes of names and commas aside: keeps copies of copies from growing without bound.
    private int _bytes = bytes;

    /// <summary>The document as it is now.</summary>
    internal JsonNode? Root { get; private set; } = root;

    /// <summary>Applies one operation; says what is wrong with it.</summary>
    internal Problem? Apply(JsonNode? node)
    {
        if (node is not JsonObject operation)
        {
            return JsonPatch.Malformed("an operation is an object with \"op\" and \"path\"");
        }

        if (!TryGetString(operation, "op", out var op, out var problem)
            || !TryGetPointer(operation, "path", out var path, out problem))
        {
            return problem;
        }

        switch (op)
        {
            case "add" or "replace" or "test":
                if (!operation.TryGetPropertyValue("value", out var value))
                {
                    return JsonPatch.Malformed($"\"{op}\" has no \"value\"; give one, null if that is meant");
                }

                return op switch
                {
                    "add" => Add(path, value?.DeepClone()),
                    "replace" => Replace(path, value?.DeepClone()),
                    _ => Test(path, value),
                };

            case "remove":
                return Remove(path, out _);

            case "move" or "copy":
                if (!TryGetPointer(operation, "from", out var from, out problem))
                {
                    return problem;
                }

                return op == "move" ? Move(from, path) : Copy(from, path);

            default:
                return JsonPatch.Malformed(
                    $"there is no operation \"{op}\"; use add, remove, replace, move, copy or test");
        }
    }

    private Problem? Add(JsonPointer path, JsonNode? value)
    {
        _bytes = path.IsRoot ? 0 : _bytes;
        if (Grow(path, value) is { } tooLarge)
        {
            return tooLarge;
        }

        if (path.IsRoot)
        {
            Root = value;
            return null;
        }

        if (!path.Parent.TryResolve(Root, out var parent))
        {
            return Failed($"there is nothing at \"{path.Parent}\" to add \"{path.Last}\" to; add that first");
        }

        switch (parent)
        {
            case JsonObject members:
                members[path.Last] = value;
                return null;

            case JsonArray elements when path.Last == "-":
                elements.Add(value);
                return null;

            case JsonArray elements when JsonPointer.TryIndex(path.Last, elements.Count + 1, out var index):
                elements.Insert(index, value);
                return null;

            case JsonArray elements:
                return Failed(string.Create(
                    CultureInfo.InvariantCulture,
                    $"\"{path.Last}\" is no place in the array at \"{path.Parent}\"; use 0 to {elements.Count}, or \"-\" for its end"));

            default:
                return Failed($"what is at \"{path.Parent}\" is no object and no array; nothing can be added to it");
        }
    }

    private Problem? Replace(JsonPointer path, JsonNode? value)
    {
        if (!path.TryResolve(Root, out var old))
        {
            return Missing(path);
        }

        _bytes -= path.IsRoot ? _bytes : Size(old);
        if (Grow(path, value) is { } tooLarge)
        {
            return tooLarge;
        }

        if (path.IsRoot)
        {
            Root = value;
            return null;
        }

        // In its place, which removing and adding would not keep in an object.
        path.Parent.TryResolve(Root, out var parent);
        if (parent is JsonObject members)
        {
            members[path.Last] = value;
        }
        else if (parent is JsonArray elements && JsonPointer.TryIndex(path.Last, elements.Count, out var index))
        {
            elements[index] = value;
        }

        return null;
    }

    private Problem? Remove(JsonPointer path, out JsonNode? removed)
    {
        if (!path.TryResolve(Root, out removed))
        {
            return Missing(path);
        }

        if (path.IsRoot)
        {
            return Failed("the document itself can not be removed; remove its members, or replace it");
        }

        path.Parent.TryResolve(Root, out var parent);
        if (parent is JsonObject members)
        {
            members.Remove(path.Last);
        }
        else if (parent is JsonArray elements && JsonPointer.TryIndex(path.Last, elements.Count, out var index))
        {
            elements.RemoveAt(index);
        }

        _bytes -= Size(removed);
        return null;
    }

    private Problem? Move(JsonPointer from, JsonPointer path)
    {
        // RFC 6902 section 4.4: nothing can be moved into itself.
        if (from.IsProperPrefixOf(path))
        {
            return Failed($"\"{from}\" can not be moved into itself, to \"{path}\"");
        }

        if (!from.TryResolve(Root, out _))
        {
            return Missing(from);
        }

        return from.Equals(path) ? null : Remove(from, out var moved) ?? Add(path, moved);
    }

    private Problem? Copy(JsonPointer from, JsonPointer path) =>
        from.TryResolve(Root, out var source) ? Add(path, source?.DeepClone()) : Missing(from);

    private Problem? Test(JsonPointer path, JsonNode? expected) =>
        !path.TryResolve(Root, out var actual)
            ? new Problem(409, "patch-test-failed", $"there is nothing at \"{path}\", so it is not the value expected")
        : JsonText.AreEqual(JsonPatch.ToBytes(actual), JsonPatch.ToBytes(expected)) ? null
        : new Problem(
            409, "patch-test-failed", $"what is at \"{path}\" is not the value expected; read the document again");

    private Problem? Grow(JsonPointer path, JsonNode? value)
    {
        var depth = path.Depth + Depth(value);
        if (depth > limits.MaxDepth)
        {
            return new Problem(400, "payload-too-deep", string.Create(
                CultureInfo.InvariantCulture,
                $"\"{path}\" would be {depth} objects and arrays deep; nest at most {limits.MaxDepth}"));
        }

        _bytes += Size(value);
        return _bytes <= limits.MaxBytes ? null : new Problem(413, "payload-too-large", string.Create(
            CultureInfo.InvariantCulture,
            $"the document would have about {_bytes} bytes; the limit is {limits.MaxBytes}"));
    }

    private static int Size(JsonNode? node) => JsonPatch.ToBytes(node).Length;

    // The values of a patch have a bounded depth, and so has every state of the document.
    private static int Depth(JsonNode? node) => node switch
    {
        JsonObject members => 1 + members.Select(member => Depth(member.Value)).DefaultIfEmpty().Max(),
        JsonArray elements => 1 + elements.Select(Depth).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static Problem Missing(JsonPointer path) => Failed($"there is nothing at \"{path}\"");

    private static Problem Failed(string detail) => new(422, "patch-failed", detail);

    private static bool TryGetString(
        JsonObject operation,
        string name,
        [NotNullWhen(true)] out string? value,
        [NotNullWhen(false)] out Problem? problem)
    {
        value = operation[name] is { } node && node.GetValueKind() == JsonValueKind.String
            ? node.GetValue<string>()
            : null;
        problem = value is null ? JsonPatch.Malformed($"\"{name}\" is missing, or is no string") : null;
        return value is not null;
    }

    private static bool TryGetPointer(
        JsonObject operation,
        string name,
        [NotNullWhen(true)] out JsonPointer? pointer,
        [NotNullWhen(false)] out Problem? problem)
    {
        pointer = null;
        if (TryGetString(operation, name, out var text, out problem) && !JsonPointer.TryParse(text, out pointer))
        {
            problem = JsonPatch.Malformed(
                $"\"{name}\" is \"{text}\", which is no JSON pointer; write \"\" or \"/a/b\", with \"~1\" for \"/\" and \"~0\" for \"~\" in names");
        }

        return pointer is not null;
    }
}
