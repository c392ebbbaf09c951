namespace Twins.Contracts.Topics;

/// <summary>
/// MQTT topic filters (<see href="https://docs.oasis-open.org/mqtt/mqtt/v5.0/os/mqtt-v5.0-os.html">MQTT 5.0</see>
/// section 4.7, shared subscriptions section 4.8.2). Thread-safe.
/// </summary>
public static class TopicFilter
{
    /// <summary>The longest topic or filter the protocol can carry, in bytes of UTF-8.</summary>
    public const int MaxBytes = 65_535;

    private const string SharePrefix = "$share/";

    /// <summary>Whether messages on a topic go to a subscription with this filter.</summary>
    /// <param name="topic">A topic name, without wildcards.</param>
    /// <param name="filter">A filter; <c>$share/{group}/</c> in front of it says nothing about the topic.</param>
    public static bool Matches(ReadOnlySpan<char> topic, ReadOnlySpan<char> filter)
    {
        filter = WithoutShare(filter);
        if (topic.IsEmpty || filter.IsEmpty)
        {
            return false;
        }

        // MQTT-4.7.2-1: a wildcard in front does not match $SYS and its like.
        if (topic[0] == '$' && (filter[0] is '+' or '#'))
        {
            return false;
        }

        while (true)
        {
            var filterSlash = filter.IndexOf('/');
            var filterLevel = filterSlash < 0 ? filter : filter[..filterSlash];
            if (filterLevel is "#")
            {
                return true;
            }

            var topicSlash = topic.IndexOf('/');
            var topicLevel = topicSlash < 0 ? topic : topic[..topicSlash];
            if (filterLevel is not "+" && !filterLevel.SequenceEqual(topicLevel))
            {
                return false;
            }

            if (topicSlash < 0)
            {
                // "sport/#" matches "sport" too: "#" includes the parent level.
                return filterSlash < 0 || filter[(filterSlash + 1)..] is "#";
            }

            if (filterSlash < 0)
            {
                return false;
            }

            topic = topic[(topicSlash + 1)..];
            filter = filter[(filterSlash + 1)..];
        }
    }

    /// <summary>Whether this is a well-formed filter, shared or not.</summary>
    public static bool IsValid(ReadOnlySpan<char> filter)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(filter) > MaxBytes || filter.Contains('\0'))
        {
            return false;
        }

        if (filter.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            // MQTT-4.8.2-1 and -2: a group of at least one character without wildcards, then a filter.
            var group = filter[SharePrefix.Length..];
            var slash = group.IndexOf('/');
            if (slash <= 0 || group[..slash].ContainsAny('+', '#'))
            {
                return false;
            }

            filter = group[(slash + 1)..];
        }

        if (filter.IsEmpty)
        {
            return false;
        }

        // MQTT-4.7.1-1: "#" stands alone in the last level; -2: "+" stands alone in its level.
        foreach (var range in filter.Split('/'))
        {
            var level = filter[range];
            var isLast = range.End.GetOffset(filter.Length) == filter.Length;
            if ((level.Contains('+') && level.Length > 1) || (level.Contains('#') && (level.Length > 1 || !isLast)))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> WithoutShare(ReadOnlySpan<char> filter)
    {
        if (!filter.StartsWith(SharePrefix, StringComparison.Ordinal))
        {
            return filter;
        }

        var group = filter[SharePrefix.Length..];
        return group[(group.IndexOf('/') + 1)..];
    }
}
