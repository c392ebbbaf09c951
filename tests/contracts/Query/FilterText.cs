using System.Globalization;
using System.Text.Json;
using Twins.Contracts.Query;

namespace Twins.Contracts.Tests.Query;

/// <summary>Filters as texts again, all of them spelled in one way.</summary>
internal static class FilterText
{
    internal static string Of(Filter filter) => filter switch
    {
        AndFilter and => $"and({string.Join(',', and.Operands.Select(Of))})",
        OrFilter or => $"or({string.Join(',', or.Operands.Select(Of))})",
        NotFilter not => $"not({Of(not.Operand)})",
        ExistsFilter exists => $"exists({Of(exists.Path)})",
        EmptyFilter empty => $"empty({Of(empty.Path)})",
        CompareFilter compare => $"{compare.Operator.ToString().ToLowerInvariant()}({Of(compare.Path)},{Of(compare.Value)})",
        InFilter any => $"in({Of(any.Path)},{string.Join(',', any.Values.Select(Of))})",
        LikeFilter like => $"{(like.Pattern.IgnoreCase ? "ilike" : "like")}({Of(like.Path)},{Quoted(like.Pattern.Pattern)})",
        StaleFilter stale => $"stale({Of(stale.Path)},\"{stale.Age.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms\")",
        _ => throw new ArgumentException($"There is no filter {filter}.", nameof(filter)),
    };

    private static string Of(QueryPath path) => string.Join('/', path.Names.Select(name =>
        name.Length > 0 && name.All(char.IsAsciiLetterOrDigit) ? name : Quoted(name)));

    private static string Of(QueryValue value) => value switch
    {
        TextValue text => Quoted(text.Text),
        NumberValue number => number.Number.ToString(),
        BooleanValue boolean => boolean.Boolean ? "true" : "false",
        TimeValue { Moment: { } moment } => $"time:{moment:yyyy-MM-ddTHH:mm:ss.fffZ}",
        TimeValue time => $"time:now{(time.Offset < TimeSpan.Zero ? "" : "+")}{time.Offset.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms",
        _ => throw new ArgumentException($"There is no value {value}.", nameof(value)),
    };

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
