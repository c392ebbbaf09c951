using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Twins.Contracts.Json;

/// <summary>
/// <see href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902</see> (JSON patch): all operations or none. Patches
/// of this kind are rare and small, so they work on nodes. Thread-safe.
/// </summary>
public static class JsonPatch
{
    /// <summary>The most operations in one patch.</summary>
    public const int MaxOperations = 256;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonTape.MaxDepth };

    /// <summary>Applies a patch.</summary>
    /// <param name="target">Canonical JSON; empty if there is nothing yet.</param>
    /// <param name="operations">The patch: a JSON array of operations.</param>
    /// <param name="limits">What the result must keep to, and every state on the way to it.</param>
    /// <param name="result">Canonical JSON. Members that are null are in it as such.</param>
    /// <param name="problem">
    /// <c>patch-malformed</c> (400), <c>patch-failed</c> (422: a path is not there or can not be), or
    /// <c>patch-test-failed</c> (409); the detail names the operation by its index. <c>payload-too-large</c> (413) and
    /// the other problems of <see cref="JsonText.TryNormalize"/> where the patch or the result breaks the limits.
    /// </param>
    public static bool TryApply(
        ReadOnlySpan<byte> target,
        ReadOnlySpan<byte> operations,
        JsonLimits limits,
        [NotNullWhen(true)] out byte[]? result,
        [NotNullWhen(false)] out Problem? problem)
    {
        result = null;

        // An operation's value may be as deep as a document, within the operation and the array of them.
        if (!JsonText.TryNormalize(
            operations, limits with { MaxDepth = limits.MaxDepth + 2 }, out var canonical, out problem))
        {
            return false;
        }

        var list = Parse(canonical) as JsonArray;
        if (list is null)
        {
            problem = Malformed("a JSON patch is an array of operations; send for example [{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]");
            return false;
        }

        if (list.Count > MaxOperations)
        {
            problem = Malformed(string.Create(
                CultureInfo.InvariantCulture,
                $"patch has {list.Count} operations; the limit is {MaxOperations}: send it in parts"));
            return false;
        }

        var document = new JsonPatchDocument(target.IsEmpty ? null : Parse(target), target.Length, limits);
        for (var i = 0; i < list.Count; i++)
        {
            if (document.Apply(list[i]) is { } failed)
            {
                problem = failed with
                {
                    Detail = string.Create(CultureInfo.InvariantCulture, $"operation {i}: {failed.Detail}"),
                    Pointer = string.Create(CultureInfo.InvariantCulture, $"/{i}"),
                };
                return false;
            }
        }

        return JsonText.TryNormalize(ToBytes(document.Root), limits, out result, out problem);
    }

    internal static Problem Malformed(string detail) => new(400, "patch-malformed", detail);

    /// <summary>The node as canonical JSON, but for the spelling of its strings.</summary>
    internal static byte[] ToBytes(JsonNode? node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonText.WriterOptions))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return stream.ToArray();
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> json) => JsonNode.Parse(json, documentOptions: Options);
}
