using Twins.Contracts.Json;

namespace Twins.Contracts.Query.Parsing;

internal sealed partial class RqlReader
{
    private const string NamesInQuotes =
        "put names with other characters than letters, digits and _-.:$@~% in double quotes, such as reported/\"motor temp\"";

    private QueryPath? ReadPath()
    {
        SkipWhiteSpace();
        var start = _at;
        if (Next == '/')
        {
            Fail(start, "a path does not start with a slash; write tags/site");
            return null;
        }

        var names = new List<string>();
        do
        {
            if (ReadName(names.Count) is not { } name)
            {
                return null;
            }

            if (names.Count == Rql.MaxNames)
            {
                Fail(start, $"the path has more than {Rql.MaxNames} names, which is deeper than documents are");
                return null;
            }

            names.Add(name);
        }
        while (TryTake('/'));

        if (DocumentPaths.Problem(names) is { } sentence)
        {
            Fail(start, sentence);
            return null;
        }

        return new QueryPath([.. names]);
    }

    private string? ReadName(int before)
    {
        if (Next == '"')
        {
            return ReadText();
        }

        var start = _at;
        var name = TakeWord();
        if (name.Length > 0)
        {
            // As in addresses; a tilde that is no escape is a character.
            return PropertyPath.TryUnescape(name, out var unescaped) ? unescaped : name;
        }

        Fail(start, Next == '\'' ? SingleQuotes
            : before == 0 ? "a path is missing here; write one such as tags/site"
            : $"a name is missing behind the slash; {NamesInQuotes}");
        return null;
    }

    // A path whose values can be compared with one another: whole sections can not.
    private QueryPath? ReadPathOfValues(string purpose)
    {
        SkipWhiteSpace();
        var start = _at;
        var path = ReadPath();
        if (path is not null && DocumentPaths.KindOf(path) == PathKind.Object)
        {
            Fail(start, $"{purpose} takes single values, and {RqlSpelling.Of(path)} {DocumentPaths.Describe(path)}");
            return null;
        }

        return path;
    }
}
