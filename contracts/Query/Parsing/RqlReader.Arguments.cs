namespace Twins.Contracts.Query.Parsing;

internal sealed partial class RqlReader
{
    private bool TryNextArgument(RqlOperator form, int read) =>
        TryTake(',') ? Next != ')' || TooFew(form, read)
            : Next == ')' ? TooFew(form, read)
            : FailBehindPath($"a comma must follow the path here; for example {form.Example}");

    private bool TryClose(RqlOperator form)
    {
        if (TryTake(')'))
        {
            return true;
        }

        // One argument, so no comma can follow it.
        var isAlone = form.Name is "exists" or "empty" or "not";
        return Next == ',' ? TooMany(form, isAlone ? 1 : 2)
            : _at == text.Length ? Fail(_at, $"\")\" is missing behind {form.Name}(…")
            : FailBehindPath(isAlone ? $"\")\" must stand here; for example {form.Example}" : $"a comma or \")\" must stand here; for example {form.Example}");
    }

    // Where something else follows, the author may have forgotten the quotes of a name.
    private bool FailBehindPath(string sentence) => Fail(_at, RqlSpelling.IsPlain(Next) && text[_at - 1] == ' '
        ? $"{sentence}; a name that has a space in it stands in double quotes, such as reported/\"motor temp\""
        : sentence);

    private bool TooFew(RqlOperator form, int read) =>
        Fail(_at, $"{form.Name} takes {form.Takes}, and here it ends with {(read == 0 ? "nothing" : $"only {read} argument")}; for example {form.Example}");

    private bool NothingBehindComma(RqlOperator form) =>
        Fail(_at, $"nothing stands behind the comma before this; leave the comma out, or write what is missing, as in {form.Example}");

    private bool TooMany(RqlOperator form, int takes) =>
        Fail(_at, $"{form.Name} takes {form.Takes}, and here comes a {(takes == 1 ? "second" : "third")} argument; for example {form.Example}");
}
