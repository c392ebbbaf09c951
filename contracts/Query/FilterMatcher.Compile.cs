using Twins.Contracts.Query.Matching;

namespace Twins.Contracts.Query;

public sealed partial class FilterMatcher
{
    private FilterTest Compile(Filter filter, MatchedFilter user) => filter switch
    {
        AndFilter and => new NestedTest(Array.ConvertAll(and.Operands, operand => Compile(operand, user)), decides: false),
        OrFilter or => new NestedTest(Array.ConvertAll(or.Operands, operand => Compile(operand, user)), decides: true),
        NotFilter not => new NotTest(Compile(not.Operand, user)),
        ExistsFilter exists => new ExistsTest(ValuesAt(exists.Path, user)),
        EmptyFilter empty => new EmptyTest(ValuesAt(empty.Path, user)),
        CompareFilter { Operator: CompareOperator.Ne } unequal => new NotTest(Compile(unequal with { Operator = CompareOperator.Eq }, user)),
        CompareFilter compare => new ValueTest(
            ValuesAt(compare.Path, user), compare.Operator, [new MatchedLiteral(compare.Path, compare.Value)]),
        InFilter any => new ValueTest(
            ValuesAt(any.Path, user), CompareOperator.Eq, Array.ConvertAll(any.Values, value => new MatchedLiteral(any.Path, value))),
        LikeFilter like => new LikeTest(ValuesAt(like.Path, user), like.Pattern),
        StaleFilter stale => new StaleTest(ValuesAt(stale.Path, user), TimesIn(stale.Path, user), stale.Age),
        _ => throw new ArgumentException($"There is no filter {filter}.", nameof(filter)),
    };

    private PathSlot ValuesAt(QueryPath path, MatchedFilter user)
    {
        var node = path.Names[0] == "delta" ? _delta.Use([.. path.Names.Skip(1)]) : _document.Use([.. path.Names]);
        user.Places.Add(new MatchedPlace(node, IsForTimes: false));
        node.Values ??= new PathSlot(_reading);
        node.Values.Uses++;
        return node.Values;
    }

    private TimesSlot TimesIn(QueryPath path, MatchedFilter user)
    {
        var node = _document.Use(["metadata", .. path.Names]);
        user.Places.Add(new MatchedPlace(node, IsForTimes: true));
        node.Times ??= new TimesSlot(_reading);
        node.Times.Uses++;
        return node.Times;
    }

    // A place may stay on the way to another one: what nobody looks at any more is not collected there.
    private static void Leave(MatchedPlace place)
    {
        var node = place.Node;
        if (place.IsForTimes)
        {
            node.Times = --node.Times!.Uses == 0 ? null : node.Times;
        }
        else
        {
            node.Values = --node.Values!.Uses == 0 ? null : node.Values;
        }

        node.Leave();
    }
}
