namespace Twins.Contracts.Query.Parsing;

/// <summary>Which paths a twin's document has, and what can be there.</summary>
internal static class DocumentPaths
{
    /// <summary>The first names of paths.</summary>
    internal static readonly string[] Members =
        ["id", "revision", "model", "tags", "desired", "reported", "delta", "connection", "metadata", "createdAt", "modifiedAt"];

    private static readonly string[] Connection = ["status", "since", "lastSeen", "link", "dialect", "stale"];

    private static readonly string[] Sections = ["reported", "desired"];

    /// <summary>What is wrong with a path; null if the document can have it.</summary>
    internal static string? Problem(IReadOnlyList<string> names)
    {
        switch (names[0])
        {
            case "tags" or "desired" or "reported" or "delta":
                return null;

            case "connection":
                return names.Count == 1 ? null
                    : !Connection.Contains(names[1]) ? Unknown("connection/", names[1], Connection)
                    : names.Count > 2 ? NothingBelow($"connection/{names[1]}")
                    : null;

            case "metadata":
                return MetadataProblem(names);

            case var member when Members.Contains(member):
                return names.Count > 1 ? NothingBelow(member) : null;

            case var other:
                return Dotted(other) ?? Unknown("", other, Members);
        }
    }

    /// <summary>What can be at a path that has no problem.</summary>
    internal static PathKind KindOf(QueryPath path) => path.IsTime ? PathKind.Time : path.Names switch
    {
        ["revision"] or ["connection", "stale"] => PathKind.Number,
        ["id" or "model"] or ["connection", _] => PathKind.Text,
        [_] => PathKind.Object,
        _ => PathKind.Any,
    };

    /// <summary>What is at a path that not anything can be at, as the end of a sentence.</summary>
    internal static string Describe(QueryPath path) => KindOf(path) switch
    {
        PathKind.Time => $"is a time; compare it with one such as time:now-15m, by gt, ge, lt or le",
        PathKind.Number => "is a number",
        PathKind.Object when path.Names[0] == "connection" => "is an object; name a property in it, such as connection/status",
        PathKind.Object => $"is an object; name a property in it, such as {path.Names[0]}/{(path.Names[0] == "tags" ? "site" : "temp")}",
        _ => "is a text",
    };

    private static string? MetadataProblem(IReadOnlyList<string> names)
    {
        if (names.Count > 1 && !Sections.Contains(names[1]))
        {
            return Unknown("metadata/", names[1], Sections);
        }

        // Without a property's name the last "at" is the property, and the time is missing.
        return names.Count > 3 && names[^1] == "at" ? null
            : names.Count < 3 ? "metadata has the times at which properties were written; name one, such as metadata/reported/temp/at"
            : $"what metadata has of a property is its time; write /at behind the property, such as metadata/{names[1]}/temp/at";
    }

    private static string? Dotted(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && Members.Contains(name[..dot])
            ? $"\"{RqlProblem.Excerpt(name, 0)}\" is one name; put / between the names of a path, such as {RqlProblem.Excerpt(name.Replace('.', '/'), 0)}"
            : null;
    }

    private static string NothingBelow(string path) => $"{path} is a single value and has no names in it; write {path} alone";

    private static string Unknown(string before, string name, string[] known)
    {
        var where = before.Length == 0 ? "a path starts with" : $"behind {before} comes";
        return $"{RqlProblem.Quote(name)} is not known here{RqlProblem.DidYouMean(NearMiss.Of(name, known))}; {where} one of {string.Join(", ", known)}";
    }
}
