using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Twins.Api.Problems;
using Twins.Contracts;

namespace Twins.Api.Http;

/// <summary>ETags: a twin's revision in quotes (RFC 9110, 8.8.3 and 13).</summary>
internal static class EntityTags
{
    /// <summary>The strong ETag of a revision.</summary>
    public static string Of(long revision) => $"\"{revision}\"";

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

    /// <summary><c>If-None-Match</c> names this revision; compared weakly, as RFC 9110, 13.1.2 wants it.</summary>
    public static bool NamesWeakly(IList<EntityTagHeaderValue> tags, long revision)
    {
        var current = new EntityTagHeaderValue(Of(revision));
        foreach (var tag in tags)
        {
            if (tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>If-Match</c> names this revision; compared strongly, as RFC 9110, 13.1.1 wants it.</summary>
    public static bool NamesStrongly(IList<EntityTagHeaderValue> tags, long revision)
    {
        var current = new EntityTagHeaderValue(Of(revision));
        foreach (var tag in tags)
        {
            if (tag.Compare(current, useStrongComparison: true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The list is <c>*</c>.</summary>
    public static bool IsAny(IList<EntityTagHeaderValue> tags) => tags.Count == 1 && tags[0].Equals(EntityTagHeaderValue.Any);

    /// <summary>The revision that a single strong tag stands for.</summary>
    public static bool TryRevision(EntityTagHeaderValue tag, out long revision)
    {
        revision = 0;
        return !tag.IsWeak
            && tag.Tag.Length > 2
            && long.TryParse(tag.Tag.AsSpan(1, tag.Tag.Length - 2), System.Globalization.NumberStyles.None, provider: null, out revision)
            && tag.Tag.Equals(Of(revision), StringComparison.Ordinal);
    }
}
