using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Twins.Contracts.Json;

/// <summary>Splits lists of paths whose names may stand in double quotes.</summary>
internal static class QuotedNames
{
    /// <summary>Splits at the commas outside of quotes, and spells names in quotes with escapes instead: <c>tags/"a/b"</c> becomes <c>tags/a~1b</c>.</summary>
    /// <returns>The paths without white space around them; null if a name in quotes is malformed.</returns>
    internal static List<string>? Split(string list)
    {
        var (paths, path) = (new List<string>(), new StringBuilder());
        for (var at = 0; at < list.Length; at++)
        {
            if (list[at] == ',')
            {
                paths.Add(path.ToString().Trim());
                path.Clear();
            }
            else if (list[at] != '"' || !StartsName(path))
            {
                path.Append(list[at]);
            }
            else if (ReadName(list, at, out var end) is { } name)
            {
                path.Append(PropertyPath.Escape(name));
                at = end;
            }
            else
            {
                return null;
            }
        }

        paths.Add(path.ToString().Trim());
        return paths;
    }

    private static bool StartsName(StringBuilder path)
    {
        var last = path.Length - 1;
        while (last >= 0 && path[last] == ' ')
        {
            last--;
        }

        return last < 0 || path[last] == '/';
    }

    /// <summary>Reads the JSON string that starts at a quote; null if it is malformed, or if something other than a slash, a comma or a space follows.</summary>
    private static string? ReadName(string list, int start, out int end)
    {
        end = start + 1;
        while (end < list.Length && list[end] != '"')
        {
            end += list[end] == '\\' ? 2 : 1;
        }

        if (end >= list.Length || (end + 1 < list.Length && list[end + 1] is not ('/' or ',' or ' ')))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(list[start..(end + 1)])!.GetValue<string>();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
