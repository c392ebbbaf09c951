namespace Twins.Contracts.Query.Parsing;

internal sealed partial class RqlReader
{
    private int _conditions;

    internal Filter? ReadFilterToEnd()
    {
        var filter = ReadFilter(0);
        if (filter is not null && !IsAtEnd)
        {
            Fail(_at, text[_at] == ')'
                ? "this parenthesis closes nothing; leave it out"
                : "the filter ends before this; put several conditions into and(…,…) or or(…,…)");
        }

        return filter;
    }

    private Filter? ReadFilter(int nesting)
    {
        SkipWhiteSpace();
        var start = _at;
        var name = TakeWord();
        var form = RqlOperator.Of(name);
        if (form is null)
        {
            Fail(start, name.Length == 0
                ? "a condition is missing here; write one such as eq(tags/site,\"rotterdam\")"
                : $"{RqlProblem.Quote(name)} is no operator{RqlProblem.DidYouMean(NearMiss.Of(name, RqlOperator.AllNames))}; use {RqlOperator.Names}");
            return null;
        }

        var isNested = name is "and" or "or" or "not";
        if (isNested && nesting == Rql.MaxNesting)
        {
            Fail(start, $"more than {Rql.MaxNesting} of and, or and not are within one another here; nest less deep");
            return null;
        }

        if (!isNested && ++_conditions > Rql.MaxConditions)
        {
            Fail(start, $"this is one condition more than the limit of {Rql.MaxConditions}; ask for less at once, or use in(…) for many values");
            return null;
        }

        if (!TryTake('('))
        {
            Fail(_at, $"\"(\" must follow {name}; for example {form.Example}");
            return null;
        }

        return isNested ? ReadNested(form, nesting + 1) : ReadCondition(form);
    }

    private Filter? ReadNested(RqlOperator form, int nesting)
    {
        var operands = new List<Filter>();
        do
        {
            if (Next == ')')
            {
                _ = operands.Count == 0 ? TooFew(form, 0) : NothingBehindComma(form);
                return null;
            }

            if (operands.Count == 1 && form.Name == "not")
            {
                TooMany(form, 1);
                return null;
            }

            var operand = ReadFilter(nesting);
            if (operand is null)
            {
                return null;
            }

            operands.Add(operand);
        }
        while (TryTake(','));

        return !TryClose(form) ? null : form.Name switch
        {
            "and" => new AndFilter([.. operands]),
            "or" => new OrFilter([.. operands]),
            _ => new NotFilter(operands[0]),
        };
    }

    private Filter? ReadCondition(RqlOperator form)
    {
        if (Next == ')')
        {
            TooFew(form, 0);
            return null;
        }

        var start = _at;
        var path = ReadPath();
        if (path is null)
        {
            return null;
        }

        var filter = form.Name switch
        {
            "exists" => new ExistsFilter(path),
            "empty" => new EmptyFilter(path),
            _ => ReadComparison(form, path, start),
        };
        return filter is not null && TryClose(form) ? filter : null;
    }

    private Filter? ReadComparison(RqlOperator form, QueryPath path, int start)
    {
        if (!TryNextArgument(form, 1))
        {
            return null;
        }

        switch (form.Name)
        {
            case "in":
                return ReadIn(form, path);

            case "like" or "ilike":
                return ReadLike(form, path, start);

            case "stale":
                return ReadStale(form, path, start);

            default:
                return ReadCompare(Enum.Parse<CompareOperator>(form.Name, ignoreCase: true), path);
        }
    }

    private Filter? ReadCompare(CompareOperator comparison, QueryPath path)
    {
        SkipWhiteSpace();
        var start = _at;
        if (!TryReadValue(path, out var value))
        {
            return null;
        }

        var isEquality = comparison is CompareOperator.Eq or CompareOperator.Ne;
        switch (value)
        {
            case null when isEquality:
                var exists = new ExistsFilter(path);
                return comparison == CompareOperator.Ne ? exists : new NotFilter(exists);

            case null:
                Fail(start, "null is not greater or less than anything; write exists(…) or empty(…)");
                return null;

            case BooleanValue when !isEquality:
                Fail(start, "true and false are not greater or less than anything; use eq or ne");
                return null;

            default:
                return new CompareFilter(path, comparison, value);
        }
    }

    private InFilter? ReadIn(RqlOperator form, QueryPath path)
    {
        var values = new List<QueryValue>();
        do
        {
            if (Next == ')')
            {
                _ = values.Count == 0 ? TooFew(form, 1) : NothingBehindComma(form);
                return null;
            }

            var start = _at;
            if (values.Count == Rql.MaxValues)
            {
                Fail(start, $"in has more than {Rql.MaxValues} values; list fewer, or combine several with or(…,…)");
                return null;
            }

            if (!TryReadValue(path, out var value))
            {
                return null;
            }

            if (value is null)
            {
                Fail(start, "null is no value of in; write or(in(…),not(exists(…)))");
                return null;
            }

            values.Add(value);
        }
        while (TryTake(','));

        return new InFilter(path, [.. values]);
    }

    private LikeFilter? ReadLike(RqlOperator form, QueryPath path, int start)
    {
        if (DocumentPaths.KindOf(path) is PathKind.Time or PathKind.Number or PathKind.Object)
        {
            var kind = DocumentPaths.Describe(path);
            Fail(start, $"{form.Name} looks at texts, and {RqlSpelling.Of(path)} {kind}");
            return null;
        }

        if (ReadTextArgument(form, out var at) is not { } pattern)
        {
            return null;
        }

        if (pattern.Length > Rql.MaxPatternCharacters)
        {
            Fail(at, $"the pattern has {pattern.Length} characters, and the limit is {Rql.MaxPatternCharacters}; write a shorter one, with * for what may be anything");
            return null;
        }

        return new LikeFilter(path, new LikePattern(pattern, form.Name == "ilike"));
    }

    private StaleFilter? ReadStale(RqlOperator form, QueryPath path, int start)
    {
        if (path.Names[0] is not ("reported" or "desired"))
        {
            Fail(start, $"only what is in reported and desired has a time of its own; for example {form.Example}");
            return null;
        }

        if (ReadTextArgument(form, out var at) is not { } text)
        {
            return null;
        }

        if (!TryDuration(text, out var age) || age == TimeSpan.Zero)
        {
            Fail(at, $"{RqlProblem.Quote(text)} is no age; {DurationForm}, and more than 0");
            return null;
        }

        return new StaleFilter(path, age);
    }

    private string? ReadTextArgument(RqlOperator form, out int at)
    {
        SkipWhiteSpace();
        at = _at;
        if (Next == '"')
        {
            return ReadText();
        }

        if (Next == ')')
        {
            TooFew(form, 1);
        }
        else
        {
            Fail(at, $"{form.Name} takes {form.Takes} in double quotes; for example {form.Example}");
        }

        return null;
    }
}
