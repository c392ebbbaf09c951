namespace Twins.Contracts.Query.Parsing;

internal sealed partial class RqlReader
{
    private static readonly string[] MeasureNames = ["count", "sum", "avg", "min", "max"];

    internal SortKey[]? ReadSort()
    {
        // The word may stand around the keys, as in "sort(+tags/site)"; no path starts with it.
        var start = _at;
        var wrapped = TakeWord() == "sort";
        _at = wrapped ? _at : start;
        if (wrapped && !TryTake('('))
        {
            Fail(_at, "\"(\" must follow sort; write sort(+tags/site,-reported/temp), or the keys alone");
            return null;
        }

        var keys = IsAtEnd || (wrapped && Next == ')') ? [] : ReadList(Rql.MaxSortKeys, "key", ReadSortKey, key => key.Path.Key);
        if (keys is not null && wrapped && !TryTake(')'))
        {
            Fail(_at, "\")\" is missing behind sort(…");
        }

        return keys is null ? null : AtEnd(keys, "a comma must stand between two keys, such as +tags/site,-reported/temp");
    }

    internal QueryPath[]? ReadGroup()
    {
        if (IsAtEnd)
        {
            return [];
        }

        var paths = ReadList(Rql.MaxGroupPaths, "path", () => ReadPathOfValues("a group"), path => path.Key);
        return paths is null ? null : AtEnd(paths, "a comma must stand between two paths, such as tags/site,model");
    }

    internal Measure[]? ReadMeasures()
    {
        var measures = ReadList(Rql.MaxMeasures, "measure", ReadMeasure, measure => measure.Text);
        return measures is null ? null : AtEnd(measures, "a comma must stand between two measures, such as count,avg(reported/temp)");
    }

    private T[]? ReadList<T>(int limit, string noun, Func<T?> read, Func<T, string> key)
        where T : class
    {
        var items = new List<T>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            SkipWhiteSpace();
            var start = _at;
            if (items.Count == limit)
            {
                Fail(start, $"this is one {noun} more than the limit of {limit}; leave some out");
                return null;
            }

            if (read() is not { } item)
            {
                return null;
            }

            if (!known.Add(key(item)))
            {
                Fail(start, $"the same {noun} comes twice; leave this one out");
                return null;
            }

            items.Add(item);
        }
        while (TryTake(','));

        return [.. items];
    }

    private T? AtEnd<T>(T read, string sentence)
        where T : class =>
        IsAtEnd || Fail(_at, sentence) ? read : null;

    private SortKey? ReadSortKey()
    {
        var descending = TryTake('-');
        _ = descending || TryTake('+');
        var path = ReadPathOfValues("a sort");
        return path is null ? null : new SortKey(path, descending);
    }

    private Measure? ReadMeasure()
    {
        SkipWhiteSpace();
        var start = _at;
        var name = TakeWord();
        if (!MeasureNames.Contains(name))
        {
            Fail(start, name.Length == 0
                ? "a measure is missing here; write one such as count or avg(reported/temp)"
                : $"{RqlProblem.Quote(name)} is no measure{RqlProblem.DidYouMean(NearMiss.Of(name, MeasureNames))}; use count, count(path), sum(path), avg(path), min(path) or max(path)");
            return null;
        }

        var kind = Enum.Parse<MeasureKind>(name, ignoreCase: true);
        if (!TryTake('('))
        {
            return kind == MeasureKind.Count || Fail(_at, $"{name} needs a path; write {name}(reported/temp)")
                ? new Measure(kind, null, name)
                : null;
        }

        SkipWhiteSpace();
        var pathStart = _at;
        var path = kind == MeasureKind.Count ? ReadPath() : ReadPathOfValues(name);
        if (path is null || !IsMeasurable(kind, path, pathStart))
        {
            return null;
        }

        return TryTake(')') || Fail(_at, Next == ',' ? $"{name} takes one path; close it with \")\" before the comma" : $"\")\" is missing behind {name}(…")
            ? new Measure(kind, path, $"{name}({RqlSpelling.Of(path)})")
            : null;
    }

    private bool IsMeasurable(MeasureKind kind, QueryPath path, int start) => (kind, DocumentPaths.KindOf(path)) switch
    {
        (MeasureKind.Sum or MeasureKind.Avg, PathKind.Time) => Fail(start, $"times do not add up; use min({RqlSpelling.Of(path)}) or max({RqlSpelling.Of(path)})"),
        (not MeasureKind.Count, PathKind.Text) => Fail(start, $"{RqlSpelling.Of(path)} {DocumentPaths.Describe(path)}, and only numbers are measured; use count({RqlSpelling.Of(path)})"),
        _ => true,
    };
}
