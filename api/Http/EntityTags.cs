using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Http;

/// <summary>
/// ETags: a twin's revision in quotes (RFC 9110, 8.8.3 and 13). They are weak, because <c>lastSeen</c> changes without a revision.
/// <c>If-Match</c> compares the revision, weak or not: a deviation from RFC 9110, 13.1.1, which would let no weak ETag match.
/// </summary>
internal static class EntityTags
{
    /// <summary>Returns the ETag of a revision.</summary>
    public static string Of(long revision) => $"W/\"{revision}\"";

    /// <summary>Parses a list of entity tags, or <c>*</c>. A missing header is an empty list.</summary>
    public static bool TryParse(string header, StringValues values, out IList<EntityTagHeaderValue> tags, out Problem? problem)
    {
        problem = null;
        tags = [];
        if (StringValues.IsNullOrEmpty(values) || EntityTagHeaderValue.TryParseStrictList(values, out tags!))
        {
            return true;
        }

        tags = [];
        problem = RequestProblems.Header(header, values.ToString(), "a list of ETags like \"42\", with their quotes, or *");
        return false;
    }

    /// <summary>Returns whether the list has this revision, or is <c>*</c>.</summary>
    public static bool Contains(IList<EntityTagHeaderValue> tags, long revision)
    {
        foreach (var tag in tags)
        {
            if (tag.Equals(EntityTagHeaderValue.Any) || (TryRevision(tag, out var named) && named == revision))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The list is <c>*</c>.</summary>
    public static bool IsAny(IList<EntityTagHeaderValue> tags) => tags.Count == 1 && tags[0].Equals(EntityTagHeaderValue.Any);

    /// <summary>Reads the revision of a single tag: digits, without zeros in front.</summary>
    public static bool TryRevision(EntityTagHeaderValue tag, out long revision)
    {
        revision = 0;
        var text = tag.Tag.AsSpan();
        return text.Length > 2
            && (text[1] != '0' || text.Length == 3)
            && long.TryParse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out revision);
    }
}
